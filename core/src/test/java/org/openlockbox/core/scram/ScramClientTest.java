package org.openlockbox.core.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.canonical.Bytes;

/// The client's half against a server that does what RFC 5802 says, and against one that lies.
final class ScramClientTest {
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final ScramKeys KEYS = ScramKeys.of("pencil", Bytes.ofBase64(SALT), 4096);

  private final ScramClient client =
      new ScramClient(new ScramPassword("pencil"), ChannelBinding.NONE, false, new SecureRandom());

  private String nonce() {
    return client.first().substring(client.first().indexOf("r=") + 2);
  }

  private String challenge() {
    return "r=" + nonce() + "more,s=" + SALT + ",i=4096";
  }

  /// What a server signs: RFC 5802 section 3.
  private String authMessage(String last) {
    return client.first().substring(3)
        + ","
        + challenge()
        + ","
        + last.substring(0, last.lastIndexOf(",p="));
  }

  @Test
  void aServerThatKnowsTheVerifierAcceptsTheProofAndProvesItself() {
    String last = client.last(challenge());
    assertThat(client.first()).startsWith("n,,n=,r=");
    assertThat(last).startsWith("c=biws,r=" + nonce() + "more,p=");
    byte[] proof = ScramMessages.base64(last.substring(last.lastIndexOf(",p=") + 3));
    byte[] signature = ScramMessages.hmac(KEYS.storedKey().toArray(), authMessage(last));
    assertThat(ScramMessages.sha256(ScramMessages.xor(proof, signature)))
        .isEqualTo(KEYS.storedKey().toArray());
    byte[] serverProof = ScramMessages.hmac(KEYS.serverKey().toArray(), authMessage(last));
    assertThat(client.isProvenBy("v=" + ScramMessages.base64(serverProof))).isTrue();
    assertThat(client.isProvenBy("v=" + ScramMessages.base64(proof))).isFalse();
    assertThat(client.isProvenBy("e=other-error")).isFalse();
  }

  @Test
  void nothingProvesAServerBeforeItsChallenge() {
    assertThat(client.isProvenBy("v=")).isFalse();
    assertThat(client.isProvenBy("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=%sx,s=c2FsdA==,i=2147483647",
        "r=%sx,s=c2FsdA==,i=200001",
        "r=%sx,s=c2FsdA==,i=0",
        "r=%sx,s=c2FsdA==,i=1",
        "r=%sx,s=c2FsdA==,i=4095",
        "m=x,r=%sx,s=c2FsdA==,i=4096",
        "r=%sx,s=c2FsdA==,i=4096,m=x",
        "r=%sx,s=****,i=4096",
        "r=%sx,s=c2FsdA==",
        "r=%s,s=c2FsdA==,i=4096",
        "r=another,s=c2FsdA==,i=4096",
        "r=%sx,r=%sx,s=c2FsdA==,i=4096",
        ""
      })
  void aChallengeThatLiesGetsNoAnswer(String challenge) {
    assertThatThrownBy(() -> client.last(challenge.replace("%s", nonce())))
        .isInstanceOf(MalformedScram.class);
  }

  @Test
  void aLongChallengeGetsNoAnswer() {
    assertThatThrownBy(() -> client.last(challenge() + ",x=" + "A".repeat(1024)))
        .isInstanceOf(MalformedScram.class);
  }

  @Test
  void whatCannotBeBoundIsNotBegun() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ScramClient(
                    new ScramPassword("pencil"), ChannelBinding.NONE, true, new SecureRandom()));
    assertThat(client).hasToString("ScramClient");
  }
}
