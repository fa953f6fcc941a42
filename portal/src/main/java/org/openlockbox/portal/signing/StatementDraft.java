package org.openlockbox.portal.signing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Narrowing;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.Messages;
import org.openlockbox.portal.wording.Comment;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.Denial;
import org.springframework.util.MultiValueMap;

/// Reads an approver's choice from the form and makes the statement that is to be signed: a
/// decision, or the end of what was allowed. What wants more than was asked is refused here
/// already; every verifier refuses it again.
final class StatementDraft {
  private final LoggedRequest asked;
  private final SubjectId approver;
  private final MultiValueMap<String, String> form;

  StatementDraft(LoggedRequest asked, SubjectId approver, MultiValueMap<String, String> form) {
    this.asked = asked;
    this.approver = approver;
    this.form = form;
  }

  Envelope statement(Instant now, RandomGenerator random, Messages words) {
    return field("decision").equals("revoke")
        ? revocation(random).unsigned()
        : decision(now, random, words).unsigned();
  }

  private Revocation revocation(RandomGenerator random) {
    var tenant = asked.submission().tenant();
    return new Revocation(tenant, asked.origin(), asked.ref(), approver, "", Nonce.random(random));
  }

  private Decision decision(Instant now, RandomGenerator random, Messages words) {
    var allowance =
        switch (field("decision")) {
          case "approve" -> Optional.of(allowance(Narrowing.NONE, now));
          case "less" -> Optional.of(less(now, words));
          case "deny" -> Optional.<Allowance>empty();
          default -> throw Problem.malformed("a decision is approve, less, deny or revoke");
        };
    return new Decision(
        asked.submission().tenant(),
        asked.origin(),
        asked.ref(),
        approver,
        allowance,
        allowance.isPresent() ? "" : comment(words),
        Nonce.random(random));
  }

  /// Whoever wants to limit a request and has changed nothing is not led to approve all of it.
  private Allowance less(Instant now, Messages words) {
    var allowance = allowance(narrowing(words), now);
    if (allowance.equals(allowance(Narrowing.NONE, now))) {
      throw Problem.refused("nothing_less", words.say("less.nothing"));
    }
    return allowance;
  }

  private Allowance allowance(Narrowing narrowing, Instant now) {
    if (!asked.told().isWhole()) {
      throw Problem.refused("text_missing", "not all that the engineer wrote can be shown");
    }
    var allowance = Allowance.of(asked.submission(), narrowing, now.truncatedTo(ChronoUnit.MILLIS));
    allowance
        .widens(asked.submission())
        .ifPresent(
            why -> {
              throw Problem.refused(why.word(), why.sentence());
            });
    return allowance;
  }

  private Narrowing narrowing(Messages words) {
    requireTables(words);
    try {
      return new Narrowing(
          chosen("level").map(Level::parse),
          Optional.empty(),
          chosen("duration").map(Duration::parse),
          limits());
    } catch (RuntimeException e) {
      throw Problem.malformed("a choice that is none of those offered");
    }
  }

  private Limits limits() {
    var limits = Limits.WIDEST.withTables(tables());
    limits =
        with(limits, "rows", (to, rows) -> to.withRowBudget(new RowBudget(Long.parseLong(rows))));
    limits =
        with(
            limits,
            "sessions",
            (to, few) -> to.withSessions(new Concurrency(Integer.parseInt(few))));
    limits =
        with(
            limits,
            "statementTimeout",
            (to, time) -> to.withStatementTimeout(Timeout.of(Duration.parse(time))));
    limits = with(limits, "profile", (to, word) -> to.withProfile(Profile.parse(word)));
    return with(limits, "softEnd", (to, time) -> to.withSoftEnd(new SoftEnd(Duration.parse(time))));
  }

  private Limits with(Limits limits, String name, BiFunction<Limits, String, Limits> change) {
    return chosen(name).map(value -> change.apply(limits, value)).orElse(limits);
  }

  /// To take away every table is no way to allow something, and above all not all of them.
  private void requireTables(Messages words) {
    if (!field("tables").isEmpty() && !form.containsKey("table")) {
      throw Problem.refused("tables_missing", words.say("less.tables.missing"));
    }
  }

  /// The tables that stayed ticked; all of them is no limit.
  private Tables tables() {
    var ticked = form.getOrDefault("table", List.of());
    return ticked.isEmpty() || field("tables").equals(Integer.toString(ticked.size()))
        ? Tables.ALL
        : Tables.of(ticked);
  }

  private String comment(Messages words) {
    var why = Denial.DenialCode.of(field("reason"));
    if (why.isEmpty()) {
      throw Problem.refused("reason_missing", words.say("deny.reason.missing"));
    }
    return new Denial(why, Comment.typed(words, field("text")).text()).comment();
  }

  private Optional<String> chosen(String name) {
    return Optional.of(field(name)).filter(value -> !value.isEmpty());
  }

  private String field(String name) {
    return Optional.ofNullable(form.getFirst(name)).orElse("");
  }
}
