"""Which registers there are, and what each asks of an entry. A register is added here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One thing that an entry of a register must say, or may where it is not `needed`; `pounds` is a sum of money."""

    name: str
    label: str
    hint: str = ""
    needed: bool = True
    pounds: bool = False


@dataclass(frozen=True)
class Register:
    """One register: its words, who its entries lie with, and what each must say.

    `other` is the question for the second body, empty where there is none; `between` says that it must be answered.
    In a register that partners keep `by_partners`, each writes the entries of its own body; elsewhere none does.
    """

    key: str
    title: str
    lede: str
    entry: str
    body: str
    questions: tuple[Question, ...]
    other: str = ""
    between: bool = False
    needs_decision: bool = False
    needs_route: bool = False
    keeps_time: bool = False
    by_partners: bool = False


REGISTERS = {
    register.key: register
    for register in (
        Register(
            "delegations",
            "Who may decide what by themselves",
            "Authority handed to those nearest to the work: what they may decide, up to which limit, and what outcome they answer for.",
            "a delegation",
            "Who may decide?",
            (
                Question("scope", "What may they decide?"),
                Question("limit", "Up to which limit?", "Money, number of people, or none"),
                Question(
                    "outcome",
                    "Which outcome do they answer for?",
                    "What changes for people, not what is counted",
                ),
                Question("told", "Whom do they tell, and when?"),
            ),
            other="Who handed it to them?",
            between=True,
        ),
        Register(
            "safeguarding-routes",
            "Where a safeguarding worry goes",
            "Who tells whom, how soon, and what to do when nobody answers. If somebody is in danger now, call 999.",
            "a safeguarding route",
            "Who raises it?",
            (
                Question("when", "When is it raised?"),
                Question("within", "How soon must it be answered?", "Such as 4 hours, or 1 working day"),
                Question("unanswered", "What happens when nobody answers in time?"),
                Question("jointly", "Who answers together when a standard fell short?", needed=False),
            ),
            other="Who takes it?",
            between=True,
            keeps_time=True,
        ),
        Register(
            "assurance",
            "How we know that standards are met",
            "Each standard, who answers for it, who checks it, and what all do together when it falls short.",
            "an assurance",
            "Who answers for the standard?",
            (
                Question("standard", "Which standard?"),
                Question("shown", "What shows that it is met?", "Where can it be read?"),
                Question("short", "What is done together when it falls short?"),
            ),
            other="Who checks it?",
        ),
        Register(
            "risks",
            "Where people could fall between two bodies",
            "Risk thrives in gaps and transitions, so a risk may lie on the hand-off between two bodies and not only with one.",
            "a risk",
            "Who hands over, or carries the risk?",
            (
                Question("happens", "What could happen?"),
                Question("harms", "Whom would it harm, and how?"),
                Question("eased", "What is being done about it?"),
                Question("sign", "What would show that it grows?", needed=False),
            ),
            other="Who takes over, if it lies on a hand-off?",
            needs_route=True,
        ),
        Register(
            "stop-list",
            "What we stop or change because it does not work",
            "Each with the evidence, the decision, what comes instead and the day on which somebody looks whether it stopped.",
            "something to stop or change",
            "Who runs it?",
            (
                Question("what", "What is stopped or changed?"),
                Question("evidence", "What shows that it does not work?"),
                Question("instead", "What comes instead?"),
                Question("people", "What does it mean for those who use it?"),
            ),
            needs_decision=True,
        ),
        Register(
            "shared-things",
            "Buildings, rooms and equipment that partners share",
            "What one partner has and others may use: where it is, when it is free, how to ask, and how much of it stands unused.",
            "something to share",
            "Whose is it?",
            (
                Question(
                    "what",
                    "What is it?",
                    "A building, a room, a vehicle or equipment, and how many it serves",
                ),
                Question("where", "Where is it?", "The address, or the town for something that moves"),
                Question("free", "When may others use it?"),
                Question(
                    "ask", "How do they ask for it?", "A post and a number or address, not a private person"
                ),
                Question("terms", "What does it cost, and on which terms?"),
                Question(
                    "used",
                    "How much of the time is it in use?",
                    "Counted how, and when; leave it empty where nobody counted",
                    needed=False,
                ),
                Question(
                    "access",
                    "Can everybody get in and use it?",
                    "Step-free way in, toilet, hearing loop, parking, bus",
                    needed=False,
                ),
            ),
            other="Who else runs it, if anybody?",
            by_partners=True,
        ),
        Register(
            "mobilisation",
            "How wider help is called up when services are overwhelmed",
            "What sets it off, who is called and who does what, and when it ends; expected pressure and unexpected alike.",
            "a way to call up wider help",
            "Who calls it?",
            (
                Question("trigger", "What sets it off?", "A number or an event that anybody can check"),
                Question("called", "Who may be called, and how?"),
                Question("steps", "Who does what, in which order?"),
                Question("stand_down", "When does it end, and who says so?"),
                Question(
                    "exercised",
                    "When was it last tried, and what was learnt?",
                    "A day, and a sentence",
                    needed=False,
                ),
            ),
        ),
        Register(
            "hand-offs",
            "Where one service hands over to another",
            "Each step of a pathway at which somebody passes from one body to another: what goes with them, how soon, and who answers.",
            "a hand-over between two services",
            "Who hands over?",
            (
                Question("pathway", "On which pathway, at which step?"),
                Question(
                    "passed",
                    "What goes with the person?",
                    "What the next body needs, so that nobody asks again",
                ),
                Question("within", "How soon does the other take over?"),
                Question("answers", "Who answers for this step?", "A post"),
                Question("told", "How does the person know what happens next?"),
            ),
            other="Who takes over?",
            between=True,
            needs_route=True,
        ),
        Register(
            "joint-arrangements",
            "Where working as one was considered",
            "Each need for which partners considered pooling money or one of them acting for the other (section 75), and what they concluded.",
            "a joint arrangement that was considered",
            "Who considered it?",
            (
                Question("need", "For which need?"),
                Question("considered", "Which arrangement was considered?"),
                Question("concluded", "What was concluded, and why?"),
                Question("stands", "If it stands: how much, from whom, and who runs it?", needed=False),
            ),
            other="With whom?",
            between=True,
            needs_decision=True,
        ),
        Register(
            "shared-risks-of-money",
            "How partners share risks of money",
            "Each agreement on who bears what when spending runs over or saves, what the law lets each partner do, and how it ends.",
            "an agreement to share a risk of money",
            "Who keeps the agreement?",
            (
                Question("covers", "Which spending does it cover?"),
                Question("over", "Who bears what when it runs over?", "Shares, and up to which limit"),
                Question("saves", "Who keeps what when it saves?"),
                Question(
                    "permitted",
                    "What does the law let each partner do?",
                    "Name the power, such as section 75",
                ),
                Question("ends", "How does it end, and who pays then?"),
            ),
            other="With whom?",
            between=True,
            needs_decision=True,
        ),
        Register(
            "money-moved",
            "Which decisions moved money",
            "Each sum that a decision moved from one use to another: how much, from where, to what, and whose words shaped it.",
            "a sum that a decision moved",
            "Whose money is it?",
            (
                Question("pounds", "How many pounds?", "A number, such as 120,000", pounds=True),
                Question("span", "Once, or each year?"),
                Question("from", "From which budget or pooled fund was it taken?"),
                Question("to", "To what does it go now, and where?"),
                Question(
                    "shaped",
                    "Whose words shaped it?",
                    "Groups of people, or the receipt of a contribution; leave it empty where nobody was asked",
                    needed=False,
                ),
            ),
            other="Who spends it now, if another body does?",
            needs_decision=True,
        ),
        Register(
            "across-borders",
            "Who and what crosses to neighbouring systems",
            "People who live on one side of a border and are helped on the other, and what two systems do together: how many, and what was agreed so that nobody falls between.",
            "a flow across a border",
            "Which of our bodies?",
            (
                Question("crosses", "Who or what crosses the border, and which way?"),
                Question("agreed", "What did both sides agree?", "Who answers, who pays, who tells whom"),
                Question(
                    "many",
                    "How many, in which year?",
                    "Counted by whom; write fewer than 10 for a number below that",
                    needed=False,
                ),
                Question("same", "How is it the same for people on either side?", needed=False),
                Question("learnt", "What do both learn or develop together?", needed=False),
            ),
            other="With which neighbouring system or body?",
            between=True,
        ),
        Register(
            "trials",
            "What we try out, and what came of it",
            "Quick tests and long pilots: what was expected, when it stops, and what was learnt, failures as openly as successes.",
            "something tried out",
            "Who runs it?",
            (
                Question("expected", "What do you expect to happen, and for whom?"),
                Question("compared", "How will you tell whether it did?", "Measured how, compared with what"),
                Question("stops", "What would make you stop early?"),
                Question(
                    "learnt",
                    "What was learnt?",
                    "Also when it failed; leave it empty until it ends",
                    needed=False,
                ),
                Question("shared", "Where can others read it?", needed=False),
            ),
            by_partners=True,
        ),
        Register(
            "anchors",
            "What large employers do for the places they are in",
            "Buying near by, jobs for those who have least, buildings others may use, and less carbon: what each large employer set out to do.",
            "what a large employer set out to do",
            "Which employer?",
            (
                Question("does", "What does it set out to do?"),
                Question("reaches", "Whom does it reach, and where?"),
                Question("counted", "How is it counted?"),
                Question("stood", "Where did it stand, and when?", "A number and its day", needed=False),
            ),
            by_partners=True,
        ),
        Register(
            "funding-of-groups",
            "How securely voluntary groups are funded",
            "Each grant or contract to a voluntary group: how long it lasts, how sure it is, and whether it was cut.",
            "funding of a voluntary group",
            "Who funds it?",
            (
                Question("pays", "What does it pay for?"),
                Question("lasts", "How long does it last, and when is the group told about the next?"),
                Question("cut", "Was it cut or ended early, and why?"),
                Question(
                    "amount",
                    "How much a year?",
                    "Pounds; leave it empty where it is not public",
                    needed=False,
                ),
            ),
            other="Which group, or the council for voluntary service that stands for it?",
            between=True,
            by_partners=True,
        ),
        Register(
            "conversations",
            "Conversations, workshops and what came of them",
            "Each time people were asked or brought together: who came, who was missing, what was heard, and what happened next or why nothing did.",
            "a conversation",
            "Who held it?",
            (
                Question(
                    "open_to", "What was it, and who could come?", "And in which other ways than online"
                ),
                Question("came", "How many came?", "Leave empty while it is to come", needed=False),
                Question("missing", "Who was missing?", "Groups that we should have heard", needed=False),
                Question("heard", "What was heard?", "Leave empty while it is to come", needed=False),
                Question("next", "What happened next, or why did nothing?", needed=False),
            ),
            other="Who held it with them?",
            by_partners=True,
        ),
        Register(
            "positions",
            "What the partnership asked of others",
            "Each time it spoke up for people here: what it asked, of whom, what was answered, and what changed.",
            "something that was asked of others",
            "Who asked?",
            (
                Question("asked", "What was asked?"),
                Question("why", "For whom, and why?"),
                Question(
                    "answered",
                    "What was answered, and when?",
                    "Leave it empty until there is an answer",
                    needed=False,
                ),
                Question("changed", "What changed?", needed=False),
            ),
            other="Of whom?",
            needs_decision=True,
        ),
    )
}
