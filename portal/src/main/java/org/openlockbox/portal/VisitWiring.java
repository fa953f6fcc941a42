package org.openlockbox.portal;

import java.time.Duration;
import org.openlockbox.server.Rounds;
import org.openlockbox.server.Wiring;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.SignIns;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.notify.mail.CodeMails;

/// How people come to the pages: sign-ins with a mailed code or at an issuer, visits, and the
/// tokens with which the signing pages know them.
final class VisitWiring {
  private static final Duration TIDYING = Duration.ofMinutes(10);

  private final Issuers issuers;
  private final Visits visits;
  private final SignIns signIns;
  private final IssuerSignIns issuerSignIns;
  private final SigningTokens signingTokens;

  VisitWiring(Wiring server) {
    var config = server.config();
    var clock = config.clock();
    var random = server.random();
    var store = server.stores().store();
    var jdbc = store.jdbc();
    var transaction = store.transaction();
    var letters = new CodeMails(server.notifications().notices());
    issuers = server.people().issuers();
    var sessions = server.people().issuerSessions();
    visits = server.people().visits();
    signIns =
        new SignIns(
            jdbc,
            transaction,
            server.people().people(),
            issuers::letCodesIn,
            (asked, code, attempt) ->
                letters.send(asked.address().value(), asked.language(), code, attempt),
            clock,
            random);
    issuerSignIns =
        new IssuerSignIns(
            jdbc, transaction, issuers, sessions, visits, config.web().publicUrl(), clock, random);
    signingTokens = new SigningTokens(jdbc, clock, random, sessions);
  }

  void start(Rounds rounds) {
    rounds.every(TIDYING, "forgetting old sign-ins", signIns::forgetOld);
    rounds.every(TIDYING, "forgetting old sign-ins at issuers", issuerSignIns::forgetOld);
    rounds.every(TIDYING, "forgetting old signing tokens", signingTokens::forgetOld);
  }

  Issuers issuers() {
    return issuers;
  }

  Visits visits() {
    return visits;
  }

  SignIns signIns() {
    return signIns;
  }

  IssuerSignIns issuerSignIns() {
    return issuerSignIns;
  }

  SigningTokens signingTokens() {
    return signingTokens;
  }
}
