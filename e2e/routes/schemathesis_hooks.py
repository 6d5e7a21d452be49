"""What schemathesis cannot know from the OpenAPI document."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """Lines are text already."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """A lone log_message is answered as in 2013, with 202 and nothing, where any other body gets JSON. OpenAPI has no words for that, so it goes in an array."""
    if isinstance(case.body, dict) and list(case.body) == ["log_message"]:
        case.body = [case.body]
