package org.openlockbox.core.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.tenant.TenantId;

/// Everything about an access request that is fixed when it is made; nothing here ever changes.
///
/// The reason is not here: its text is kept apart, so that it can be erased ([Reason]). `quorum` is
/// how many distinct approvers the tenant's keyring asked for at that moment.
public record Submission(
    RequestId id,
    TenantId tenant,
    Engineer engineer,
    Purpose purpose,
    String ticket,
    Terms terms,
    Optional<RequestId> extended,
    boolean providerReview,
    Assurance assurance,
    Instant decideBy,
    int quorum) {
  public static final int LONGEST_TICKET = 100;

  private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/#:?=&%+@~-]*");

  /// The most distinct approvers that can be asked for.
  public static final int LARGEST_QUORUM = 100;

  public Submission {
    decideBy = decideBy.truncatedTo(ChronoUnit.MILLIS);
    if (!ticket.isEmpty() && !isTicket(ticket)) {
      throw new IllegalArgumentException("not a ticket: \"" + ticket + "\"");
    }
    if (quorum < 1 || quorum > LARGEST_QUORUM) {
      throw new IllegalArgumentException("quorum is 1 to 100: " + quorum);
    }
    if (extended.filter(id::equals).isPresent()) {
      throw new IllegalArgumentException("a request does not extend itself: " + id);
    }
  }

  /// Whether the text can name a ticket: a number or an address of at most 100 characters, without
  /// spaces. No sentence fits in.
  public static boolean isTicket(String text) {
    return text.length() <= LONGEST_TICKET && TICKET.matcher(text).matches();
  }

  /// The same, which so many approvers have to agree to until then.
  public Submission asking(int approvers, Instant until) {
    return new Submission(
        id,
        tenant,
        engineer,
        purpose,
        ticket,
        terms,
        extended,
        providerReview,
        assurance,
        until,
        approvers);
  }

  /// The last instant that any grant of this request can reach.
  Instant latestEnd() {
    return terms.startIfApprovedAt(decideBy).plus(terms.duration());
  }
}
