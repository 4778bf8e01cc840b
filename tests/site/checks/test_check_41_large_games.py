"""Check 41: a model that is far too large is refused by the process that computes; the site goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from parley.site.model.setting import parse
from parley.site.web.answers import Asker, answer_for, ask
from parley.site.web.editions import edition_of
from parley.site.web.jobs.process import children
from parley.site.web.jobs.worker import Worker
from parley.site.web.models import Job
from parley.site.web.publishing import publish
from tests.site.packages import a_folder, a_text

pytestmark = pytest.mark.django_db

MOVES = "".join(f"  - {{player: us, move: m{n}, options: [a, b]}}\n" for n in range(24))  # 2^24 endings


def test_check_41_a_game_of_millions_of_nodes_is_refused(tmp_path: Path) -> None:
    small = publish(a_folder(tmp_path / "small"))
    huge = a_text().replace("story:\n", "story:\n" + MOVES)
    version = publish(a_folder(tmp_path / "huge", huge))
    Job.objects.filter(payload__version=small.pk).delete()
    Worker(children).once()
    version.refresh_from_db()
    assert version.status == "failed"
    assert "nodes" in version.failure
    assert Job.objects.get(kind="prepare").attempts == 1  # another attempt would end likewise
    assert answer_for(version, parse("", edition_of(version))).status == "failed"
    wanted = parse("gain=0.1", edition_of(small))
    ask(small, wanted, Asker(network="n"), polled=False)
    Worker(children).once()
    answer = answer_for(small, wanted)
    assert answer.status == "solved"
    assert answer.effect is not None
    assert answer.effect.model == edition_of(small).model
