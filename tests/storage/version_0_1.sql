-- A hall on a Tuesday morning at 9:08, and the Friday before it, as version 0.1.0 left its database (m0001 to m0007).
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'queue_server','m0001_journal','2026-11-22 23:05:22.036680+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'queue_server','m0002_ticket','2026-11-22 23:05:22.044334+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'queue_server','m0003_switches','2026-11-22 23:05:22.046483+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'queue_server','m0004_answer','2026-11-22 23:05:22.053065+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'queue_server','m0005_access','2026-11-22 23:05:22.061226+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'queue_server','m0006_version_block','2026-11-22 23:05:22.064857+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'queue_server','m0007_ballast','2026-11-22 23:05:22.068852+00:00');
CREATE TABLE answer (
            actor TEXT NOT NULL,
            request_id TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            business_day TEXT NOT NULL,
            body TEXT,
            PRIMARY KEY (actor, request_id)
        ) STRICT, WITHOUT ROWID
        ;
CREATE TABLE ballast (id INTEGER PRIMARY KEY, room BLOB NOT NULL) STRICT;
CREATE TABLE device (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT
        ;
INSERT INTO "device" VALUES('00000000000000000000000000000002','窓口1','desk','923be4425c1229e1a7948627aa166a190fc3f27e98e29c8fe6444d3090122c93','2026-11-24T00:00:00+00:00',NULL);
CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            kind TEXT NOT NULL,
            ticket TEXT,
            counter TEXT,
            actor TEXT NOT NULL,
            request_id TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT
        ;
INSERT INTO "journal" VALUES(1,'2026-11-20T00:00:00+00:00','hall','2026-11-20','open_counter',NULL,'1','staff:佐藤','key-1','{}');
INSERT INTO "journal" VALUES(2,'2026-11-20T00:00:00+00:00','hall','2026-11-20','issue','00000000000000000000000000000003',NULL,'staff:佐藤','key-2','{"service":"y","series":"b","round":1,"number":500,"label":"500","token":"token-of-ticket-000004"}');
INSERT INTO "journal" VALUES(3,'2026-11-20T00:00:00+00:00','hall','2026-11-20','issue','00000000000000000000000000000005',NULL,'staff:佐藤','key-3','{"service":"x","series":"a","round":1,"number":1,"label":"A01","token":"token-of-ticket-000006"}');
INSERT INTO "journal" VALUES(4,'2026-11-20T00:00:00+00:00','hall','2026-11-20','call','00000000000000000000000000000003','1','staff:佐藤','key-4','{}');
INSERT INTO "journal" VALUES(5,'2026-11-20T00:00:00+00:00','hall','2026-11-20','complete','00000000000000000000000000000003','1','staff:佐藤','key-5','{}');
INSERT INTO "journal" VALUES(6,'2026-11-20T00:00:00+00:00','hall','2026-11-20','call','00000000000000000000000000000005','1','staff:佐藤','key-5','{}');
INSERT INTO "journal" VALUES(7,'2026-11-20T00:00:00+00:00','hall','2026-11-20','pause_service',NULL,NULL,'staff:佐藤','key-6','{"service":"y"}');
INSERT INTO "journal" VALUES(8,'2026-11-20T00:00:00+00:00','hall','2026-11-20','resume_service',NULL,NULL,'staff:佐藤','key-7','{"service":"y"}');
INSERT INTO "journal" VALUES(9,'2026-11-24T00:00:00+00:00','hall','2026-11-20','expire','00000000000000000000000000000005','1','clock','end of 2026-11-20','{}');
INSERT INTO "journal" VALUES(10,'2026-11-24T00:00:00+00:00','hall','2026-11-20','close_counter',NULL,'1','clock','end of 2026-11-20','{}');
INSERT INTO "journal" VALUES(11,'2026-11-24T00:00:00+00:00','hall','2026-11-24','open_counter',NULL,'1','staff:佐藤','key-8','{}');
INSERT INTO "journal" VALUES(12,'2026-11-24T00:00:00+00:00','hall','2026-11-24','open_counter',NULL,'2','staff:佐藤','key-9','{}');
INSERT INTO "journal" VALUES(13,'2026-11-24T00:00:00+00:00','hall','2026-11-24','issue','00000000000000000000000000000007',NULL,'staff:佐藤','key-10','{"service":"y","series":"b","round":1,"number":500,"label":"500","token":"token-of-ticket-000008"}');
INSERT INTO "journal" VALUES(14,'2026-11-24T00:01:00+00:00','hall','2026-11-24','issue','00000000000000000000000000000009',NULL,'staff:佐藤','key-11','{"service":"y","series":"b","round":1,"number":501,"label":"501","token":"token-of-ticket-000010"}');
INSERT INTO "journal" VALUES(15,'2026-11-24T00:02:00+00:00','hall','2026-11-24','issue','0000000000000000000000000000000b',NULL,'staff:佐藤','key-12','{"service":"y","series":"b","round":1,"number":502,"label":"502","token":"token-of-ticket-000012"}');
INSERT INTO "journal" VALUES(16,'2026-11-24T00:03:00+00:00','hall','2026-11-24','issue','0000000000000000000000000000000d',NULL,'staff:佐藤','key-13','{"service":"y","series":"b","round":1,"number":503,"label":"503","token":"token-of-ticket-000014"}');
INSERT INTO "journal" VALUES(17,'2026-11-24T00:04:00+00:00','hall','2026-11-24','issue','0000000000000000000000000000000f',NULL,'staff:佐藤','key-14','{"service":"y","series":"b","round":1,"number":504,"label":"504","token":"token-of-ticket-000016"}');
INSERT INTO "journal" VALUES(18,'2026-11-24T00:05:00+00:00','hall','2026-11-24','issue','00000000000000000000000000000011',NULL,'staff:佐藤','key-15','{"service":"y","series":"b","round":1,"number":505,"label":"505","token":"token-of-ticket-000018"}');
INSERT INTO "journal" VALUES(19,'2026-11-24T00:06:00+00:00','hall','2026-11-24','issue','00000000000000000000000000000013',NULL,'staff:佐藤','key-16','{"service":"x","series":"a","round":1,"number":1,"label":"A01","token":"token-of-ticket-000020"}');
INSERT INTO "journal" VALUES(20,'2026-11-24T00:06:00+00:00','hall','2026-11-24','issue','00000000000000000000000000000015',NULL,'staff:佐藤','key-17','{"service":"x","series":"a","round":1,"number":2,"label":"A02","token":"token-of-ticket-000022"}');
INSERT INTO "journal" VALUES(21,'2026-11-24T00:06:00+00:00','hall','2026-11-24','call','00000000000000000000000000000007','2','staff:佐藤','key-18','{}');
INSERT INTO "journal" VALUES(22,'2026-11-24T00:06:00+00:00','hall','2026-11-24','no_show','00000000000000000000000000000007','2','staff:佐藤','key-19','{}');
INSERT INTO "journal" VALUES(23,'2026-11-24T00:06:00+00:00','hall','2026-11-24','reinstate','00000000000000000000000000000007','2','staff:佐藤','key-20','{"place":23.0}');
INSERT INTO "journal" VALUES(24,'2026-11-24T00:06:00+00:00','hall','2026-11-24','call','00000000000000000000000000000009','2','staff:佐藤','key-21','{}');
INSERT INTO "journal" VALUES(25,'2026-11-24T00:06:00+00:00','hall','2026-11-24','hold','00000000000000000000000000000009','2','staff:佐藤','key-22','{"reason":"書類記入"}');
INSERT INTO "journal" VALUES(26,'2026-11-24T00:06:00+00:00','hall','2026-11-24','call','0000000000000000000000000000000b','2','staff:佐藤','key-23','{}');
INSERT INTO "journal" VALUES(27,'2026-11-24T00:06:00+00:00','hall','2026-11-24','recall','0000000000000000000000000000000b','2','staff:佐藤','key-24','{}');
INSERT INTO "journal" VALUES(28,'2026-11-24T00:06:00+00:00','hall','2026-11-24','start','0000000000000000000000000000000b','2','staff:佐藤','key-25','{}');
INSERT INTO "journal" VALUES(29,'2026-11-24T00:06:00+00:00','hall','2026-11-24','call','0000000000000000000000000000000d','1','staff:佐藤','key-26','{}');
INSERT INTO "journal" VALUES(30,'2026-11-24T00:08:00+00:00','hall','2026-11-24','complete','0000000000000000000000000000000d','1','staff:佐藤','key-27','{}');
INSERT INTO "journal" VALUES(31,'2026-11-24T00:08:00+00:00','hall','2026-11-24','call','0000000000000000000000000000000f','1','staff:佐藤','key-27','{}');
INSERT INTO "journal" VALUES(32,'2026-11-24T00:08:00+00:00','hall','2026-11-24','cancel','00000000000000000000000000000013',NULL,'staff:佐藤','key-28','{}');
INSERT INTO "journal" VALUES(33,'2026-11-24T00:08:00+00:00','hall','2026-11-24','call','00000000000000000000000000000015','1','staff:佐藤','key-29','{}');
INSERT INTO "journal" VALUES(34,'2026-11-24T00:08:00+00:00','hall','2026-11-24','advance','00000000000000000000000000000015','1','staff:佐藤','key-30','{}');
INSERT INTO "journal" VALUES(35,'2026-11-24T00:08:00+00:00','hall','2026-11-24','call','00000000000000000000000000000015','1','staff:佐藤','key-31','{}');
INSERT INTO "journal" VALUES(36,'2026-11-24T00:08:00+00:00','hall','2026-11-24','transfer','00000000000000000000000000000015','1','staff:佐藤','key-32','{"service":"x","stage":1,"counter":"2"}');
INSERT INTO "journal" VALUES(37,'2026-11-24T00:08:00+00:00','hall','2026-11-24','pause_service',NULL,NULL,'staff:佐藤','key-33','{"service":"x"}');
CREATE TABLE number (
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            series TEXT NOT NULL,
            round INTEGER NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (site, business_day, series)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "number" VALUES('hall','2026-11-20','a',1,1);
INSERT INTO "number" VALUES('hall','2026-11-20','b',1,500);
INSERT INTO "number" VALUES('hall','2026-11-24','a',1,2);
INSERT INTO "number" VALUES('hall','2026-11-24','b',1,505);
CREATE TABLE open_counter (
                site TEXT NOT NULL,
                counter TEXT NOT NULL,
                PRIMARY KEY (site, counter)
            ) STRICT, WITHOUT ROWID
            ;
INSERT INTO "open_counter" VALUES('hall','1');
INSERT INTO "open_counter" VALUES('hall','2');
CREATE TABLE paused_service (
                site TEXT NOT NULL,
                service TEXT NOT NULL,
                PRIMARY KEY (site, service)
            ) STRICT, WITHOUT ROWID
            ;
INSERT INTO "paused_service" VALUES('hall','x');
CREATE TABLE staff (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            created_at TEXT NOT NULL,
            disabled_at TEXT
        ) STRICT
        ;
CREATE TABLE ticket (
            id TEXT PRIMARY KEY,
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            series TEXT NOT NULL,
            round INTEGER NOT NULL,
            number INTEGER NOT NULL,
            label TEXT NOT NULL,
            token TEXT NOT NULL UNIQUE,
            service TEXT NOT NULL,
            state TEXT NOT NULL,
            place REAL NOT NULL,
            seq INTEGER NOT NULL,
            issued_at TEXT NOT NULL,
            stage INTEGER NOT NULL,
            counter TEXT,
            reserved_counter TEXT,
            call_seq INTEGER,
            called_at TEXT,
            started_at TEXT,
            ended_at TEXT,
            reason TEXT NOT NULL,
            UNIQUE (site, business_day, series, round, number)
        ) STRICT
        ;
INSERT INTO "ticket" VALUES('00000000000000000000000000000003','hall','2026-11-20','b',1,500,'500','token-of-ticket-000004','y','completed',2.0,5,'2026-11-20T00:00:00+00:00',0,'1',NULL,4,'2026-11-20T00:00:00+00:00',NULL,'2026-11-20T00:00:00+00:00','');
INSERT INTO "ticket" VALUES('00000000000000000000000000000005','hall','2026-11-20','a',1,1,'A01','token-of-ticket-000006','x','expired',3.0,9,'2026-11-20T00:00:00+00:00',0,'1',NULL,6,'2026-11-20T00:00:00+00:00',NULL,'2026-11-24T00:00:00+00:00','');
INSERT INTO "ticket" VALUES('00000000000000000000000000000007','hall','2026-11-24','b',1,500,'500','token-of-ticket-000008','y','waiting',23.0,23,'2026-11-24T00:00:00+00:00',0,NULL,NULL,21,'2026-11-24T00:06:00+00:00',NULL,NULL,'');
INSERT INTO "ticket" VALUES('00000000000000000000000000000009','hall','2026-11-24','b',1,501,'501','token-of-ticket-000010','y','held',14.0,25,'2026-11-24T00:01:00+00:00',0,'2',NULL,24,'2026-11-24T00:06:00+00:00',NULL,NULL,'書類記入');
INSERT INTO "ticket" VALUES('0000000000000000000000000000000b','hall','2026-11-24','b',1,502,'502','token-of-ticket-000012','y','serving',15.0,28,'2026-11-24T00:02:00+00:00',0,'2',NULL,27,'2026-11-24T00:06:00+00:00','2026-11-24T00:06:00+00:00',NULL,'');
INSERT INTO "ticket" VALUES('0000000000000000000000000000000d','hall','2026-11-24','b',1,503,'503','token-of-ticket-000014','y','completed',16.0,30,'2026-11-24T00:03:00+00:00',0,'1',NULL,29,'2026-11-24T00:06:00+00:00',NULL,'2026-11-24T00:08:00+00:00','');
INSERT INTO "ticket" VALUES('0000000000000000000000000000000f','hall','2026-11-24','b',1,504,'504','token-of-ticket-000016','y','called',17.0,31,'2026-11-24T00:04:00+00:00',0,'1',NULL,31,'2026-11-24T00:08:00+00:00',NULL,NULL,'');
INSERT INTO "ticket" VALUES('00000000000000000000000000000011','hall','2026-11-24','b',1,505,'505','token-of-ticket-000018','y','waiting',18.0,18,'2026-11-24T00:05:00+00:00',0,NULL,NULL,NULL,NULL,NULL,NULL,'');
INSERT INTO "ticket" VALUES('00000000000000000000000000000013','hall','2026-11-24','a',1,1,'A01','token-of-ticket-000020','x','cancelled',19.0,32,'2026-11-24T00:06:00+00:00',0,NULL,NULL,NULL,NULL,NULL,'2026-11-24T00:08:00+00:00','');
INSERT INTO "ticket" VALUES('00000000000000000000000000000015','hall','2026-11-24','a',1,2,'A02','token-of-ticket-000022','x','waiting',20.0,36,'2026-11-24T00:06:00+00:00',1,NULL,'2',35,'2026-11-24T00:08:00+00:00',NULL,NULL,'');
CREATE TABLE version_block (id INTEGER PRIMARY KEY CHECK (id = 1), reserved INTEGER NOT NULL) STRICT;
INSERT INTO "version_block" VALUES(1,1795388724000000);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX journal_day ON journal (site, business_day, seq);
CREATE INDEX journal_ticket ON journal (ticket, seq) WHERE ticket IS NOT NULL;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE UNIQUE INDEX ticket_live_label ON ticket (site, business_day, label) WHERE state IN ('waiting', 'called', 'serving', 'held', 'no_show');
CREATE INDEX answer_day ON answer (business_day);
COMMIT;
