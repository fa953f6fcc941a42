package org.openlockbox.server.gateway;

import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.server.problem.Problem;

/// That an opening or a closing is signed with the key of the session's certificate.
final class SignedByGateway {
  private SignedByGateway() {}

  static void require(SubmittedEntry sent, VerifyingKey key) {
    if (!sent.stamp().isSignedBy(key, sent.tenant(), sent.body())) {
      throw Problem.refused(
          "signature",
          "%s is not signed with the key that gateway %s was certified for"
              .formatted(sent.body().type().word(), sent.stamp().id()));
    }
  }
}
