"""The bad network itself: as bad as it says, and no worse."""

from random import Random

import pytest

from lane import Lane
from nat import NAT, checksum, header_length

pytestmark = pytest.mark.quick

PACKET = 1000


def lane(**conditions) -> Lane:
    made = Lane(Random(7))
    for name, value in conditions.items():
        made.conditions.set(name, value)
    return made


def send(through: Lane, count: int, every: float = 0.01) -> list[list[float]]:
    return [through.releases(PACKET, at * every) for at in range(count)]


def test_without_conditions_packets_pass_at_once():
    assert send(lane(), 3) == [[0.0], [0.01], [0.02]]


def test_loss_is_the_share_that_was_asked_for_and_the_same_again_with_the_same_seed():
    sent = send(lane(loss=0.1), 10_000)
    assert sum(not releases for releases in sent) == pytest.approx(1000, abs=90)
    assert sent == send(lane(loss=0.1), 10_000)


def test_losses_of_a_burst_follow_one_another():
    lost = [not releases for releases in send(lane(burst=0.02, burst_length=4), 20_000)]
    bursts = sum(now and not before for before, now in zip([False, *lost], lost))
    assert sum(lost) / bursts == pytest.approx(4, rel=0.15)
    assert sum(lost) / len(lost) == pytest.approx(0.02 * 4 / (1 + 0.02 * 4), rel=0.25)


def test_jitter_keeps_the_order_unless_reordering_is_asked_for():
    releases = [release for (release,) in send(lane(delay=120, jitter=100), 2000)]
    assert releases == sorted(releases)
    delays = [release - at * 0.01 for at, release in enumerate(releases)]
    assert 0.02 <= min(delays) and max(delays) <= 0.22 and max(delays) - min(delays) > 0.1
    reordering = lane(delay=120, jitter=100, reorder=0.05)
    releases = [release for (release,) in send(reordering, 2000)]
    assert releases != sorted(releases)
    assert 20 < reordering.counts.reordered <= 130


def test_a_limited_link_lets_through_its_rate_and_drops_what_waits_too_long():
    limited = lane(rate=400, queue=200)
    sent = send(limited, 1000)
    arrived = [releases[0] for releases in sent if releases]
    assert len(arrived) * PACKET * 8 / arrived[-1] == pytest.approx(400_000, rel=0.01)
    assert limited.counts.queue_full == 1000 - len(arrived)
    assert max(releases[0] - at * 0.01 for at, releases in enumerate(sent) if releases) <= 0.221


def test_nothing_passes_in_an_outage_and_everything_after_it():
    broken = lane(outage=1)
    assert not any(send(broken, 50))
    broken.conditions.set("outage", 0)
    assert all(send(broken, 50))


def test_duplicates_arrive_beside_their_originals():
    assert sum(len(releases) == 2 for releases in send(lane(duplicate=0.1), 5000)) == pytest.approx(500, abs=80)


@pytest.mark.parametrize("name, value", [("los", 0.1), ("loss", 1.5), ("delay", -1)])
def test_conditions_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ValueError):
        lane(**{name: value})


def datagram(source: tuple[int, ...], source_port: int, target: tuple[int, ...], target_port: int) -> bytes:
    header = bytearray(20)
    header[0], header[9] = 0x45, 17
    header[12:16], header[16:20] = bytes(source), bytes(target)
    header[10:12] = checksum(header).to_bytes(2, "big")
    ports = source_port.to_bytes(2, "big") + target_port.to_bytes(2, "big")
    return bytes(header) + ports + (12).to_bytes(2, "big") + b"\1\2" + b"data"


def test_a_router_sends_from_another_port_after_a_rebinding_and_no_longer_listens_on_the_old_one():
    nat = NAT()
    client, server = ((10, 78, 0, 1), 5000), ((10, 77, 0, 2), 7000)
    out, back = datagram(*client, *server), datagram(*server, *client)
    assert nat.outwards(out) == out and nat.inwards(back) == back
    nat.rebind()
    first = nat.outwards(out)
    assert first[12:16] != bytes(client[0]) and first[24:] == out[24:26] + b"\0\0data"
    assert checksum(first[: header_length(first)]) == 0
    answer = datagram(*server, tuple(first[12:16]), int.from_bytes(first[20:22], "big"))
    assert nat.inwards(answer)[16:24] == back[16:24]
    nat.rebind(new_address=True)
    assert nat.inwards(answer) is None
    second = nat.outwards(out)
    assert second[12:16] != first[12:16] and second[20:22] != first[20:22]
