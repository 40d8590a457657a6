"""DescribeEvents with AWS's interval, categories and memory of 14 days."""
from datetime import timedelta

from moto.core.utils import utcnow
from moto.rds.exceptions import InvalidParameterCombination

from .paging import page

EVENTS_KEPT = timedelta(days=14)


def describe_events(self):
    params = self.params
    source, kind = params.get("SourceIdentifier"), params.get("SourceType")
    if source and not kind:
        raise InvalidParameterCombination(
            "Cannot specify source identifier without source type")
    start, end = _interval(params)
    categories = set(params.get("EventCategories") or [])
    found = [each for each in self.backend.events
             if (not source or each.source_identifier.lower() == source.lower())
             and (not kind or each.source_type == kind)
             and (not categories or categories & set(each.event_categories))
             and start <= each.date <= end]
    order = {id(each): number for number, each in enumerate(self.backend.events)}
    return page("Events", found, params,
                lambda each: f"{each.date.isoformat(timespec='microseconds')}#{order[id(each)]:09}")


def _interval(params):
    """Start and end of the events asked for: the last hour unless told."""
    start, end = _naive(params.get("StartTime")), _naive(params.get("EndTime"))
    duration = params.get("Duration")
    minutes = timedelta(minutes=duration or 60)
    if start and end and end < start:
        raise InvalidParameterCombination("EndTime is before StartTime")
    now = utcnow()
    if start and not end:
        end = start + minutes if duration else now
    end = end or now
    start = start or end - minutes
    return max(start, now - EVENTS_KEPT), end


def _naive(when):
    """moto's times are UTC without saying so."""
    if when is None or when.tzinfo is None:
        return when
    return (when - when.utcoffset()).replace(tzinfo=None)
