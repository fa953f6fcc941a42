package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.testing.Passkey;

/// libfido2's `fido2-assert` over a passkey's assertion and over bent ones: we accept nothing that
/// it refuses. It judges key, site, flags and signature; what the client data must hold it leaves
/// to its caller.
class Fido2AssertTest {
  private static final Envelope UNSIGNED =
      Envelope.unsigned(
          "application/vnd.lockbox.decision.v1+json", Json.object().put("approver", "mia").build());
  private static final Bytes PAE = UNSIGNED.pae();

  @TempDir private Path scratch;
  private final Passkey passkey = Passkey.es256(new SecureRandom());
  private final String client = Passkey.clientData(PAE);
  private final List<String> accepted = new ArrayList<>();
  private final List<String> theirs = new ArrayList<>();

  @BeforeEach
  void itIsHere() throws InterruptedException {
    Program.need("fido2-tools", Map.of(), "sh", "-c", "command -v fido2-assert");
  }

  @Test
  void everyFlag() throws Exception {
    for (int flags = 0; flags < 256; flags++) {
      var data = Passkey.authenticatorData(Passkey.RP_ID, flags);
      compare("flags " + flags, passkey.sign(client, data));
    }
    assertThat(accepted).containsExactly("flags 5");
    assertThat(theirs).as("present, verified, without extensions").hasSize(32);
  }

  @Test
  void everyByteOfTheAssertion() throws Exception {
    var data = Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV);
    var good = passkey.sign(client, data);
    compare("true", good);
    assertThat(accepted).containsExactly("true");
    for (int at = 0; at < good.sig().size(); at++) {
      var bent = flipped(good.sig(), at);
      compare("signature " + at, new Signature.WebAuthn(good.keyId(), bent, data, clientBytes()));
    }
    for (int at = 0; at < data.size(); at++) {
      var bent = flipped(data, at);
      compare("data " + at, new Signature.WebAuthn(good.keyId(), good.sig(), bent, clientBytes()));
    }
    for (int at = 0; at < client.length(); at++) {
      var bent = flipped(clientBytes(), at);
      compare("client " + at, new Signature.WebAuthn(good.keyId(), good.sig(), data, bent));
    }
    var elsewhere = Passkey.authenticatorData("evil.example", Passkey.UP_UV);
    compare("another site", passkey.sign(client, elsewhere));
    compare("a byte more", passkey.sign(client, data.plus(Bytes.ofHex("00"))));
    compare("another key", Passkey.es256(new SecureRandom()).sign(client, data));
    assertThat(accepted).containsExactly("true");
    assertThat(theirs).containsExactly("true", "a byte more");
  }

  private Bytes clientBytes() {
    return Bytes.ofUtf8(client);
  }

  private static Bytes flipped(Bytes bytes, int at) {
    byte[] bent = bytes.toArray();
    bent[at] ^= 1;
    return Bytes.of(bent);
  }

  private void compare(String what, Signature.WebAuthn signature)
      throws IOException, InterruptedException {
    if (theirs(signature)) {
      theirs.add(what);
    }
    if (accepts(signature)) {
      accepted.add(what);
    }
    assertThat(theirs).containsAll(accepted);
  }

  private boolean accepts(Signature.WebAuthn signature) {
    var envelope = new Envelope(UNSIGNED.payloadType(), UNSIGNED.payload(), List.of(signature));
    return SignatureCheck.verify(passkey.key(), envelope, signature)
        instanceof SignatureCheck.Valid;
  }

  private boolean theirs(Signature.WebAuthn signature) throws IOException, InterruptedException {
    var key = scratch.resolve("key.pem");
    Files.writeString(
        key,
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(passkey.key().spki().base64()));
    var data = signature.authenticatorData();
    // It wants the data as the byte string of CBOR that an authenticator sends.
    var cbor = Bytes.ofHex("58%02x".formatted(data.size())).plus(data);
    var input = scratch.resolve("input");
    Files.write(
        input,
        List.of(
            signature.clientDataJson().sha256().base64(),
            Passkey.RP_ID,
            cbor.base64(),
            signature.sig().base64()));
    return Program.run(
                scratch,
                "fido2-assert",
                "-V",
                "-p",
                "-v",
                "-i",
                input.toString(),
                key.toString(),
                "es256")
            .exit()
        == 0;
  }
}
