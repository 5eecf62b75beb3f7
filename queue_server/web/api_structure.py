"""The JSON API: the parts of the profile that an administrator changes."""

from flask.typing import ResponseReturnValue

from queue_server.access import caller, requires
from queue_server.config.structure import ChangesRefused, Part, field_problems
from queue_server.context import hall_or_404
from queue_server.domain.roles import Permission
from queue_server.web import bodies
from queue_server.web.answers import api, done
from queue_server.web.errors import BadRequest
from queue_server.web.profile_words import problem_sentence


@api.get("/sites/<site_id>/structure")
@requires(Permission.ADMINISTER)
def structure(site_id: str) -> ResponseReturnValue:
    """Every part that can be changed: as it is, as the profile has it, and its revision."""
    return done(hall_or_404(site_id).structure())


@api.put("/sites/<site_id>/structure/<part>/<part_id>")
@requires(Permission.ADMINISTER)
def change_structure(site_id: str, part: str, part_id: str) -> ResponseReturnValue:
    """Change one part; the revision says which state of it the caller has seen."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.StructureBody)
    try:
        return done(hall.change_structure(caller(bodies.request_id()), part, part_id, body.value, body.revision))
    except ChangesRefused as refused:
        problems = field_problems(refused, site_id, Part(part), part_id)
        errors = [{"field": field or "value", "message": problem_sentence(problem)} for field, problem in problems]
        raise BadRequest(422, "invalid_fields", errors) from refused
