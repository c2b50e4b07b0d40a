"""What people do with a plan from anywhere in the window: ask why, export, try a fix on a copy, bring a plan back."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from planner.cell_changes import apply_fix
from planner.plan import Fix, Plan
from planner.problems import ConcordError
from planner.scenario import Scenario
from ui.crash_report import write_report
from ui.desktop.files.exports import export_as, source_of, table_exports
from ui.desktop.plans.planning import Failure
from ui.desktop.tables.table_view import TableView

if TYPE_CHECKING:
    from ui.desktop.window import Window


class Results(QObject):
    """Connects the pages that show a plan with the explanation, the files and the messages of their window."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        plan, why = window.plan_page, window.why
        for page in (plan, window.overview):
            page.asked.connect(why.ask)
            page.moved.connect(why.follow)
        for page in (plan, window.overview):
            page.export_asked.connect(window.filing.ask_export)
        for tables in (window.partners, window.needs, window.rules.tables):
            tables.export_asked.connect(self._export_table)
        plan.fix_chosen.connect(self.apply_fix)
        plan.removed.connect(self._tell_removed)
        plan.agreed.connect(self._tell_agreed)
        window.overview.plan_asked.connect(lambda: window.go("plan"))
        why.trial_asked.connect(self.apply_fix)
        plan.place_asked.connect(window.show_place)
        why.place_asked.connect(window.show_place)

    def take_plan(self, plan: Plan, scenario: Scenario) -> None:
        """Keep the answer of a run that planned this scenario."""
        session = self._window.session
        if scenario is session.scenario:
            session.fingerprint = plan.fingerprint
        named = session.add_plan(plan, scenario)
        if scenario is not session.scenario:
            self._window.notice.tell(
                f"{named.name} is made from the scenario as it was when you pressed Plan. "
                "What was changed since goes into the next plan.",
                "information",
            )

    def tell_failure(self, failure: Failure) -> None:
        """Say why a run has no answer, and what is kept."""
        plan = self._window.session.plan
        kept = f"{plan.name} is kept." if plan is not None else "Nothing was lost."
        path = write_report(failure.details) if failure.kind == "bug" and failure.details else None
        where = f" What happened is written in {path}." if path is not None else ""
        severity = "warning" if failure.kind == "stopped" else "error"
        self._window.notice.tell(f"{failure.message} {kept}{where}", severity)

    def ask_why(self) -> None:
        """Explain whatever has the cursor; once more closes the explanation."""
        window = self._window
        if window.why.is_open:
            window.why.close_panel()
        elif window.place == "overview":
            window.overview.ask()
        elif window.place == "plan":
            window.plan_page.ask()

    def apply_fix(self, fix: Fix) -> None:
        """Go on with a copy of the scenario that has the changes of a fix; the plans come along."""
        if self._window.session.has_document:
            self._window.saving.leave(lambda: self._apply_fix(fix))

    def _apply_fix(self, fix: Fix) -> None:
        window, session = self._window, self._window.session
        document = session.document
        assert document is not None
        title = session.scenario.settings.title or "this scenario"
        try:
            changed = apply_fix(session.scenario, fix)
        except ConcordError as problem:
            window.notice.tell(f"{problem} Nothing was changed.", "error")
            return
        settings = replace(changed.settings, title=f"{title}, with a fix")
        session.open(document.copy_with(replace(changed, settings=settings)), "Copy, not saved")
        window.go("plan")
        window.notice.tell(
            f"This is a copy of “{title}” with one change: {fix.text} The original is as it was.",
            "information",
            window.start_plan,
            "Plan",
        )

    def _export_table(self, view: TableView, ending: str) -> None:
        """Write a table of the scenario as it is shown."""
        source = source_of(self._window.session)._replace(plan="")
        self._window.filing.ask_export(export_as(table_exports(view, source), ending))

    def _tell_agreed(self, plan: Plan) -> None:
        session = self._window.session
        self._window.notice.tell(
            f"{plan.name} is the agreed plan now. The next plan (F5) is compared with it; Undo takes this back.",
            "information",
            session.undo,
            "Undo",
            as_long_as=session.last_stands(),
        )

    def _tell_removed(self, plan: Plan) -> None:
        document = self._window.session.document
        if document is not None:
            self._window.notice.tell(
                f"{plan.name} was deleted.",
                "information",
                lambda: document.add_plan(plan),
                f"Bring {plan.name} back",
            )
