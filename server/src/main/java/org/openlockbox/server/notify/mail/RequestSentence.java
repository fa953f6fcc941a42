package org.openlockbox.server.notify.mail;

import java.util.Locale;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Level;
import org.openlockbox.server.request.StoredRequest;

/// Where a request stands, in the one sentence over a mail. It holds no word that the requester's
/// side chose.
final class RequestSentence {
  private RequestSentence() {}

  static String of(StoredRequest stored, String tenantName) {
    var asked = stored.submission();
    var what =
        "%s access to %s of %s"
            .formatted(
                level(asked.terms().level()).toLowerCase(Locale.ROOT),
                asked.terms().resource(),
                tenantName);
    return switch (stored.request()) {
      case AccessRequest.Pending _ ->
          "%s of the provider requests %s for %s."
              .formatted(
                  asked.engineer().isAgent() ? "An AI agent" : "An engineer",
                  what,
                  MailTemplates.spoken(asked.terms().duration()));
      case AccessRequest.Denied _ -> "The request for %s was denied.".formatted(what);
      case AccessRequest.Withdrawn _ -> "The request for %s was withdrawn.".formatted(what);
      case AccessRequest.Lapsed _ ->
          "The request for %s lapsed: nobody decided in time.".formatted(what);
      case AccessRequest.Approved approved -> granted(approved.grant(), stored, tenantName);
    };
  }

  private static String granted(Grant grant, StoredRequest stored, String tenantName) {
    var what =
        "%s access to %s of %s"
            .formatted(
                level(grant.terms().level()), stored.submission().terms().resource(), tenantName);
    return switch (grant) {
      case Grant.Active _ -> what + " is approved.";
      case Grant.Completed _ -> what + " was completed by the engineer.";
      case Grant.Expired _ -> what + " has expired.";
      case Grant.Revoked _ -> what + " was stopped by the customer.";
      case Grant.RemovalFailed _ -> what + " has ended, but a database role is not removed yet.";
    };
  }

  static String level(Level level) {
    return switch (level) {
      case METADATA -> "Metadata only";
      case MASKED -> "Masked";
      case READ -> "Read";
      case WRITE -> "Read and write";
    };
  }
}
