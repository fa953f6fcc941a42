package org.openlockbox.cli.verb;

import java.time.Instant;
import java.time.InstantSource;
import org.openlockbox.cli.signing.ShownRequest;
import org.openlockbox.cli.terminal.Facts;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Engineer;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RowBudget;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Tables;

/// A request in plain words, told from the parsed bytes of its entry and from what will be signed;
/// nothing here comes from the server's words, but a reason or name that is not proven.
final class Rendering {
  private final InstantSource clock;

  Rendering(InstantSource clock) {
    this.clock = clock;
  }

  /// Who asks for what.
  Facts request(ShownRequest shown) {
    Submission submission = shown.submission();
    Engineer engineer = submission.engineer();
    return new Facts()
        .add("request", submission.id() + " to " + submission.tenant())
        .add(
            "who",
            told(shown.name())
                + " ("
                + engineer.id()
                + ") of "
                + engineer.employer()
                + ", "
                + engineer.country())
        .add("", agent(engineer))
        .add("why", words(submission.purpose()) + Requests.suffix(", ticket ", submission.ticket()))
        .add("reason", told(shown.reason()))
        .add("extends", submission.extended().map(Object::toString).orElse(""));
  }

  /// What the signature will allow, beside what was asked where that is more.
  Facts allowance(Facts facts, Submission submission, Allowance allowed) {
    String level = words(allowed.level());
    if (allowed.level() != submission.terms().level()) {
      level += " (asked: " + submission.terms().level().word() + ")";
    }
    Instant end = allowed.window().notAfter();
    return facts
        .add("what", submission.terms().resource() + ", " + level)
        .add("tables", tables(allowed.tables()))
        .add("rows", rows(allowed.rowBudget()))
        .add("from", allowed.window().notBefore().toString())
        .add("until", end + " (" + Spans.relative(end, clock.instant()) + ")")
        .add("for", Spans.words(allowed.duration()) + asked(submission, allowed));
  }

  private static String asked(Submission submission, Allowance allowed) {
    return allowed.duration().equals(submission.terms().duration())
        ? ""
        : " (asked: " + Spans.words(submission.terms().duration()) + ")";
  }

  private static String told(ShownRequest.Told told) {
    return told.proven() || told.text().isEmpty()
        ? told.text()
        : told.text() + "  (the server's word: the log holds only a commitment to it)";
  }

  private static String agent(Engineer engineer) {
    return switch (engineer.kind()) {
      case HUMAN -> "";
      case AGENT ->
          "an AI agent; responsible: "
              + engineer.responsible().map(Object::toString).orElse("nobody");
    };
  }

  private static String tables(Tables tables) {
    return tables.isAll() ? "every table of the catalogue" : String.join(", ", tables.names());
  }

  private static String rows(RowBudget budget) {
    return budget.isUnlimited() ? "no limit" : "at most " + budget;
  }

  private static String words(Level level) {
    return switch (level) {
      case METADATA -> "metadata: shapes and counts, no rows";
      case MASKED -> "masked: rows with personal columns masked";
      case READ -> "READ: rows as they are";
      case WRITE -> "WRITE: rows can be read and changed";
    };
  }

  private static String words(Purpose purpose) {
    return purpose.word().replace('_', ' ');
  }
}
