package org.openlockbox.portal.audit;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.audit.SavedViews;

/// The searches that are one tap away: some of ours, and those that a person has kept.
public final class AuditViews {
  private static final List<Map.Entry<String, String>> OURS =
      List.of(
          Map.entry("all", ""),
          Map.entry("write", "level=write"),
          Map.entry("denied", "outcome=denied"),
          Map.entry("revoked", "outcome=revoked"),
          Map.entry("blocked", "blocked=yes"),
          Map.entry("automatic", "outcome=automatic"));

  private final SavedViews saved;

  AuditViews(SavedViews saved) {
    this.saved = saved;
  }

  /// A view; `own` are those that its reader keeps.
  public record AuditView(String name, String query, boolean current, boolean own) {}

  List<AuditView> of(Visitor visitor, AuditForm form) {
    var now = form.query();
    var ours =
        OURS.stream()
            .map(
                view ->
                    view(
                        visitor.frame().say("audit.view." + view.getKey()),
                        "?" + view.getValue(),
                        now,
                        false));
    var own =
        saved.of(visitor.person().id()).stream()
            .map(view -> view(view.name(), view.query(), now, true));
    return Stream.concat(ours, own).toList();
  }

  private static AuditView view(String name, String query, String now, boolean own) {
    return new AuditView(name, query, query.equals(now), own);
  }
}
