package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.provider.Provider;

/// One request in the audit page's table. `how` says what came of it, by whom.
public record AuditRow(
    String id,
    long index,
    AuditedEngineer who,
    AuditedAccess access,
    Instant asked,
    String state,
    List<String> how,
    RequestSearch.RequestUse use,
    NamingStatements naming) {
  public AuditRow {
    how = List.copyOf(how);
  }

  /// How many of its statements name the value that was looked for, and where the first of them is
  /// in the log.
  public record NamingStatements(long count, long first) {}

  public record AuditedEngineer(String name, String id, Optional<String> employer) {}

  public record AuditedAccess(String resource, Level level, String purpose, String ticket) {}

  static AuditRow of(Provider provider, PageContext frame, AuditSearch.SearchHit hit) {
    var found = hit.request();
    var by = found.requester();
    var asked = found.access();
    var state = state(found, frame.now());
    return new AuditRow(
        found.id().value(),
        found.logIndex(),
        new AuditedEngineer(by.name().orElse(by.id().value()), by.id().value(), by.employer()),
        new AuditedAccess(
            RequestLine.resourceName(provider, asked.resource()),
            asked.level(),
            asked.purpose().word(),
            asked.ticket()),
        found.asked(),
        state,
        how(frame, found, state),
        found.use(),
        new NamingStatements(hit.statements().statements(), hit.statements().first()));
  }

  /// Its state now, whether or not anybody has written down that its time is over.
  private static String state(RequestSearch.FoundRequest found, Instant now) {
    boolean over = !now.isBefore(found.answer().until());
    if (over && found.answer().state().equals(RequestState.PENDING.word())) {
      return RequestState.LAPSED.word();
    }
    return over && found.answer().state().equals(RequestState.APPROVED.word())
        ? RequestState.EXPIRED.word()
        : found.answer().state();
  }

  private static List<String> how(
      PageContext frame, RequestSearch.FoundRequest found, String state) {
    var people = found.answer().people();
    var lines = new ArrayList<String>();
    found
        .answer()
        .granted()
        .ifPresent(
            level -> {
              lines.add(
                  people.signed().isEmpty()
                      ? frame.say("audit.by.policy")
                      : frame.say("audit.by.approved", names(frame, people.signed())));
              if (level != found.access().level()) {
                lines.add(frame.say("audit.less", frame.say("level." + level.word())));
              }
            });
    people
        .decided()
        .filter(_ -> found.answer().granted().isEmpty())
        .ifPresent(who -> lines.add(frame.say("audit.by", frame.name(who))));
    people
        .ended()
        .ifPresent(
            who ->
                lines.add(
                    state.equals(RequestState.REVOKED.word())
                        ? frame.say("audit.by.revoked", frame.name(who))
                        : frame.say("audit.by.ended", frame.name(who))));
    return lines;
  }

  private static String names(PageContext frame, List<SubjectId> people) {
    return people.stream().map(frame::name).collect(Collectors.joining(", "));
  }
}
