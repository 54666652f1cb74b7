"""The event log: one record per answered request, none lost, all recounted."""

from recsys_online.events.reading import read_events
from recsys_online.events.record import Event
from recsys_online.events.writer import EventWriter

__all__ = ["Event", "EventWriter", "read_events"]
