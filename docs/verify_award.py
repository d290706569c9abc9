#!/usr/bin/env python3
"""Compute a published award of the marketplace Yizhao again, on your own machine.

    python3 verify_award.py award.json

It needs nothing but Python 3.8 or newer and knows nothing of the marketplace: only the published file. It computes
from the members' points and the prices each mean, each total, the ranking and the winner, and repeats the draw of the
experts. It prints what it found; the exit code is 0 when everything agrees and 1 when anything does not.

中文：本程序只依据公布的 award.json，重新计算评分、排名和中标人，并复核专家抽取。全部一致时退出码为 0，否则为 1。
"""

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path

FORMAT, COLLECTION = "yizhao-award/1", "yizhao-awards/1"


def half_up(value, places):
    """Round half away from zero to a text with that many places: 85.125 → 85.13."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(whole).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return "-" + text if value < 0 and whole else text


def digest(*lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def drawn(keys, seed):
    return sorted(set(keys), key=lambda key: digest(seed, key))


def check_inputs(lot, valid):
    """Sum of 100, every member scored everything, only published ranges, equal objective scores."""
    whole = sum((Fraction(row["points"]) for row in lot["criteria"]), Fraction(lot["rules"]["price_weight"]))
    if whole != 100:
        yield f"the criteria and the price sum to {whole}, not to 100"
    members = {str(number + 1) for number in range(len(lot["members"]))}
    for criterion in lot["criteria"]:
        allowed = {Fraction(row["points"]) for row in criterion["ranges"]}
        for bid in valid:
            where = "bid {}, {}".format(bid["label"], criterion["title"])
            given = bid["scores"].get(criterion["key"], {})
            if set(given) != members:
                yield f"{where}: not every member has a score"
            for member, points in sorted(given.items()):
                if Fraction(points) not in allowed:
                    yield f"{where}: {points} of member {member} is none of the ranges"
            if criterion["kind"] == "objective" and len({Fraction(points) for points in given.values()}) > 1:
                yield f"{where}: objective scores differ"


def check_draw(lot):
    draw = lot["draw"]
    if digest(draw["salt"], *sorted(draw["pool"])) != draw["pool_sha256"]:
        yield "draw: the pool does not have the hash that was committed"
    if digest(draw["head"], lot["lot"]["number"]) != draw["seed"]:
        yield "draw: the seed does not follow from the head and the lot's number"
    if drawn(draw["pool"], draw["seed"]) != draw["order"]:
        yield "draw: the order does not follow from the seed"


def computed(lot, valid):
    """label → means, price points, total, rank, tied."""
    places, weight = lot["rules"]["places"], Fraction(lot["rules"]["price_weight"])
    lowest = min(Fraction(bid["price"]) for bid in valid)
    rows = {}
    for bid in valid:
        means = {
            key: sum(Fraction(points) for points in given.values()) / len(given) for key, given in bid["scores"].items()
        }
        price = lowest / Fraction(bid["price"]) * weight
        rows[bid["label"]] = {
            "means": {key: half_up(mean, 4) for key, mean in means.items()},
            "price_points": half_up(price, 4),
            "total": half_up(sum(means.values(), price), places),
        }
    order = {bid["label"]: (-Fraction(rows[bid["label"]]["total"]), Fraction(bid["price"])) for bid in valid}
    for label, row in rows.items():
        row["rank"] = 1 + sum(other < order[label] for other in order.values())
        row["is_tied"] = sum(other == order[label] for other in order.values()) > 1
    return rows


def check_results(lot, valid, rows):
    titles = {criterion["key"]: criterion["title"] for criterion in lot["criteria"]}
    for bid in valid:
        row = rows[bid["label"]]
        for key, mean in row["means"].items():
            if Fraction(bid["means"][key]) != Fraction(mean):
                yield "bid {}, {}: mean {} published, {} computed".format(
                    bid["label"],
                    titles[key],
                    bid["means"][key],
                    mean,
                )
        for name in ("price_points", "total"):
            if Fraction(bid[name]) != Fraction(row[name]):
                words = name.replace("_", " ")
                yield "bid {}: {} {} published, {} computed".format(bid["label"], words, bid[name], row[name])
        if (bid["rank"], bid["is_tied"]) != (row["rank"], row["is_tied"]):
            yield "bid {}: rank {} published, {} computed".format(bid["label"], bid["rank"], row["rank"])


def first_in_order(lot, rows):
    """Best rank among those that were not passed over; equals by the published draw, recomputed."""
    gone = {row["label"] for row in lot["passed_over"]}
    left = {label: row["rank"] for label, row in rows.items() if label not in gone}
    best = [label for label in left if left[label] == min(left.values())]
    tie = lot["tie"]
    if len(best) > 1 and tie:
        best = [
            label for label in drawn(tie["order"], digest(tie["head"], lot["lot"]["number"], "tie")) if label in best
        ]
    return best[0] if best else "none"


def check_award(lot, valid, rows):
    award = lot["award"]
    prices = {bid["label"]: bid["price"] for bid in valid}
    if award["label"] not in prices:
        yield "award: bid {} is not among the valid bids".format(award["label"])
        return
    if Fraction(award["amount"]) != Fraction(prices[award["label"]]):
        yield "award: amount {}, but bid {} offered {}".format(award["amount"], award["label"], prices[award["label"]])
    first = first_in_order(lot, rows)
    if award["label"] != first and not award["reason"]:
        yield "award: bid {} is not first in order ({}) and no reason is given".format(award["label"], first)


def problems(lot):
    """Everything in one lot's file that does not agree with its own inputs."""
    if lot.get("format") != FORMAT:
        return ["unknown format {!r}, expected {}".format(lot.get("format"), FORMAT)], {}
    valid = [bid for bid in lot["bids"] if bid["status"] == "valid"]
    found = list(check_inputs(lot, valid)) + list(check_draw(lot))
    if found or not valid:
        return found or ["no valid bid"], {}
    rows = computed(lot, valid)
    found = list(check_results(lot, valid, rows))
    return found or list(check_award(lot, valid, rows)), rows


def report(lot):
    """Print one lot; answer whether it agrees."""
    found, rows = problems(lot)
    print(lot.get("lot", {}).get("number", "?"))
    for label, row in sorted(rows.items(), key=lambda item: item[1]["rank"]):
        print("  {}. bid {}: {}".format(row["rank"], label, row["total"]))
    for line in found:
        print("  WRONG: " + line)
    if not found:
        print("  OK: scores, ranking, draw and award ({}) agree".format(lot["award"]["name"]))
    return not found


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    with Path(arguments[0]).open(encoding="utf-8") as file:
        data = json.load(file)
    lots = data["lots"] if data.get("format") == COLLECTION else [data]
    disagreeing = 0
    for lot in lots:
        disagreeing += not report(lot)
    return 1 if disagreeing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
