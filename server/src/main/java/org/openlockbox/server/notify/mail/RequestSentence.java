package org.openlockbox.server.notify.mail;

import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.request.StoredRequest;

/// Where a request stands, in the one sentence over a mail. It holds no word that the requester's
/// side chose.
final class RequestSentence {
  private RequestSentence() {}

  static String of(MailWords words, StoredRequest stored, String tenantName) {
    return switch (stored.request()) {
      case AccessRequest.Pending _ -> asked(words, stored, tenantName);
      case AccessRequest.Denied _ -> request(words, "sentence.denied", stored, tenantName);
      case AccessRequest.Withdrawn _ -> request(words, "sentence.withdrawn", stored, tenantName);
      case AccessRequest.Lapsed _ -> request(words, "sentence.lapsed", stored, tenantName);
      case AccessRequest.Approved approved -> granted(words, approved.grant(), stored, tenantName);
    };
  }

  private static String asked(MailWords words, StoredRequest stored, String tenantName) {
    var asked = stored.submission();
    var terms = asked.terms();
    return words.say(
        "sentence.asked",
        words.say(asked.engineer().isAgent() ? "sentence.agent" : "sentence.engineer"),
        words.brief(terms.level()),
        terms.resource().value(),
        tenantName,
        words.duration(terms.duration()));
  }

  private static String request(
      MailWords words, String id, StoredRequest stored, String tenantName) {
    var terms = stored.submission().terms();
    return words.say(id, words.brief(terms.level()), terms.resource().value(), tenantName);
  }

  private static String granted(
      MailWords words, Grant grant, StoredRequest stored, String tenantName) {
    var how =
        switch (grant) {
          case Grant.Active _ -> "sentence.approved";
          case Grant.Completed _ -> "sentence.completed";
          case Grant.Expired _ -> "sentence.expired";
          case Grant.Revoked _ -> "sentence.stopped";
          case Grant.RemovalFailed _ -> "sentence.left";
        };
    return words.say(
        how,
        words.level(grant.terms().level()),
        stored.submission().terms().resource().value(),
        tenantName,
        words.brief(grant.terms().level()));
  }
}
