// Node's own Socket.IO server as it comes: each line on standard input is a board, emitted to everybody in the room.
//   node tests/bench/socketio_server.mjs PORT
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const http = createServer();
// The project's own interval, so that both spend the same on pings.
const io = new Server(http, { pingInterval: 10_000, pingTimeout: 10_000, serveClient: false });
let newest = { seq: 1 };
io.on("connection", (socket) => {
  socket.join("site");
  socket.emit("board", newest);
});
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 2048 }, () => console.log("listening"));
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  newest = JSON.parse(line);
  io.to("site").emit("board", newest);
});
lines.on("close", () => process.exit(0));
