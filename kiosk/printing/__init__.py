"""Printers of slips: their states, one job at a time, each job once."""

from kiosk.printing.printers import Printer, PrintFailed, printer_of
from kiosk.printing.queue import PrintQueue, PrintResult

__all__ = ["PrintFailed", "PrintQueue", "PrintResult", "Printer", "printer_of"]
