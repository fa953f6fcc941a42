package org.openlockbox.core.scram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;

final class ScramKeysTest {
  /// RFC 7677 section 3: user "user", password "pencil".
  @Test
  void agreesWithTheExampleOfRfc7677() throws Exception {
    var keys = ScramKeys.of("pencil", Bytes.ofBase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
    String authMessage =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(keys.serverKey().toArray(), "HmacSHA256"));
    byte[] signature = mac.doFinal(authMessage.getBytes(StandardCharsets.US_ASCII));
    assertThat(Bytes.of(signature).base64())
        .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }
}
