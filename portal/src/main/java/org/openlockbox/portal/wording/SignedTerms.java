package org.openlockbox.portal.wording;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.StoredRequest;

/// What was granted, line by line, and who signed for it: nobody, where the policy approved by
/// itself. `tables` is how many of the catalogue's are in reach, of a resource that has any.
public record SignedTerms(
    String resource,
    Level level,
    Window window,
    Optional<Long> rows,
    Optional<ReachedTables> tables,
    List<String> limits,
    List<SubjectId> signers) {
  public SignedTerms {
    limits = List.copyOf(limits);
    signers = List.copyOf(signers);
  }

  public record ReachedTables(int reached, int all) {}

  /// Of a request that was approved.
  public static Optional<SignedTerms> of(
      Provider provider, PageContext frame, StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? Optional.of(of(provider, frame, stored, approved))
        : Optional.empty();
  }

  private static SignedTerms of(
      Provider provider, PageContext frame, StoredRequest stored, AccessRequest.Approved approved) {
    var terms = approved.grant().terms();
    var budget = terms.limits().rowBudget();
    return new SignedTerms(
        RequestLine.resourceName(provider, stored),
        terms.level(),
        terms.window(),
        budget.isUnlimited() ? Optional.empty() : Optional.of(budget.rows()),
        tables(provider, stored, approved),
        new LimitWords(frame, terms.limits().withTables(Tables.ALL)).all(),
        approved.approvals().stream().map(Approval::approver).distinct().toList());
  }

  private static Optional<ReachedTables> tables(
      Provider provider, StoredRequest stored, AccessRequest.Approved approved) {
    var limits = approved.grant().terms().limits();
    return provider
        .resource(stored.submission().terms().resource())
        .filter(resource -> !resource.tables().isEmpty())
        .map(
            resource ->
                new ReachedTables(
                    (int)
                        resource.tables().stream()
                            .filter(table -> table.isIn(limits.tables()))
                            .count(),
                    resource.tables().size()));
  }

  /// How long access is open, all in all.
  public Duration length() {
    return Duration.between(window.notBefore(), window.notAfter());
  }

  /// The message that says whose word this was, for whom it is shown to.
  public String title(PageContext frame) {
    if (signers.isEmpty()) {
      return "signed.policy";
    }
    var reader = frame.person().map(person -> person.subject());
    return reader.filter(signers::contains).isPresent() ? "signed.own" : "signed.title";
  }
}
