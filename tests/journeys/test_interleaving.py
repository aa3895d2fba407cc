"""In whatever order things come: the site holds of each person what that person did on the phone, nothing else."""

from __future__ import annotations

import random
from collections import Counter

from .conftest import phone
from .household import LESSON
from .line import people_of, signs_in, statements_of
from .walking import kept

SEQUENCES, SEED = 100, 20261130
STEPS = ("act", "act", "act", "close", "kill", "offline", "online", "switch", "switch", "fault", "reload")
FAULTS = (429, 502, 503, 413, 404, 408)
# Answer the first question with the option of that number, as a finger would.
ANSWER = """(n) => {
  const form = document.querySelector("form.check");
  form.querySelectorAll("input")[n].checked = true;
  form.requestSubmit();
}"""
ANSWERED = "answered", "urn:hocvuso:item:hai-bai/bai-mot/c1"


class Phone:
    """One phone in the hands of two accounts and of whoever has none."""

    def __init__(self, page, line, accounts):
        self.page, self.line, self.accounts = page, line, accounts
        self.who, self.did = None, Counter()

    def open(self):
        self.page.goto(LESSON, wait_until="domcontentloaded")
        self.page.locator("form.check [type=submit]").wait_for()

    def act(self, chance):
        self.page.evaluate(ANSWER, chance.randrange(2))
        self.did[self.who["key"] if self.who else "phone"] += 1

    def close(self, _chance):
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.open()

    def kill(self, chance):
        """The tab dies in the very moment of an act."""
        self.act(chance)
        self.close(chance)

    def reload(self, _chance):
        self.open()

    def offline(self, _chance):
        self.page.context.set_offline(True)

    def online(self, _chance):
        self.line.faults.clear()
        self.page.context.set_offline(False)

    def fault(self, chance):
        self.line.faults["/ghi/"] = chance.choice(FAULTS)

    def switch(self, chance):
        self.who = chance.choice([*self.accounts, None])
        signs_in(self.page, self.line, self.who)
        self.open()

    def settle(self):
        """The line is back; whoever has something waiting signs in once more."""
        self.online(None)
        for person in self.accounts:
            if kept(self.page, "act", person["key"]):
                self.who = person
                signs_in(self.page, self.line, person)
                self.open()
                for _try in range(100):
                    if not kept(self.page, "act", person["key"]):
                        break
                    self.page.wait_for_timeout(20)

    def held(self):
        """How often the question was answered: what the site has of each account, and the phone of whoever has none."""
        told = {one["key"]: statements_of(self.line.site, one).count(ANSWERED) for one in self.accounts}
        told["phone"] = sum(
            row["statement"]["verb"]["id"].endswith("/answered") for row in kept(self.page, "act", "phone")
        )
        return {key: count for key, count in told.items() if count}


def test_the_site_holds_what_was_done_and_of_whom_in_any_order(browser, line):
    accounts = people_of(line.site, "An", "Bình")
    chance = random.Random(SEED)
    with phone(browser, line) as page:
        hand = Phone(page, line, accounts)
        hand.open()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        hand.open()
        for number in range(SEQUENCES):
            steps = [chance.choice(STEPS) for _step in range(chance.randint(2, 5))]
            for step in steps:
                getattr(hand, step)(chance)
            hand.settle()
            assert hand.held() == dict(hand.did), (number, steps)
