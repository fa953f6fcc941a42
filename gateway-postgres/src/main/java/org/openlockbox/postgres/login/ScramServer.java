package org.openlockbox.postgres.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.scram.ChannelBinding;
import org.openlockbox.core.scram.MalformedScram;
import org.openlockbox.core.scram.ScramMessages;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.Slice;
import org.openlockbox.postgres.wire.StartupReader;
import org.openlockbox.postgres.wire.WireViolation;

/// The server's half of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677; PostgreSQL
/// documentation, "SASL Authentication").
///
/// A user that does not exist goes through the same exchange against a verifier that no password
/// fits, and gets the same error: who asks cannot tell the two apart.
public final class ScramServer {
  private static final int MAX_MESSAGE = 8 * 1024;

  private final SecureRandom random;
  private final byte[] mockSecret = new byte[32];
  private final ChannelBinding binding;

  public ScramServer(TlsIdentity identity, SecureRandom random) {
    this.binding = identity.binding();
    this.random = random;
    random.nextBytes(mockSecret);
  }

  /// True if the client proved that it knows the password. Nothing but the exchange is sent; after
  /// `true` the client has the server's proof and waits for AuthenticationOk.
  public boolean authenticate(ClientLink link, String user, Optional<ScramVerifier> known)
      throws IOException {
    try {
      return exchange(link, user, known);
    } catch (MalformedScram e) {
      throw new WireViolation(e.what());
    }
  }

  private boolean exchange(ClientLink link, String user, Optional<ScramVerifier> known)
      throws IOException {
    link.send(
        ServerMessages.offerMechanisms(
            binding.available()
                ? List.of(ScramMessages.PLUS, ScramMessages.PLAIN)
                : List.of(ScramMessages.PLAIN)));
    Slice initial = response(link.in());
    String mechanism = initial.text();
    int length = initial.int32();
    if (length < 0 || length != initial.remaining()) {
      throw new WireViolation("the length of the SASL response is wrong");
    }
    String clientFirst = ascii(initial.take(length));
    ScramVerifier verifier = known.orElseGet(() -> ScramVerifier.mock(user, mockSecret, random));
    ClientFirst opening = ClientFirst.parse(mechanism, clientFirst, binding.available());
    String nonce = opening.nonce() + freshNonce();
    String serverFirst =
        "r="
            + nonce
            + ",s="
            + ScramMessages.base64(verifier.salt())
            + ",i="
            + verifier.iterations();
    link.send(ServerMessages.saslContinue(serverFirst));

    Slice last = response(link.in());
    String clientFinal = ascii(last.take(last.remaining()));
    String signed = check(opening, nonce, clientFinal);
    String authMessage = opening.bare() + "," + serverFirst + "," + signed;
    boolean right = proves(verifier, authMessage, clientFinal);
    if (!right || known.isEmpty()) {
      return false;
    }
    String proof = ScramMessages.base64(ScramMessages.hmac(verifier.serverKey(), authMessage));
    link.send(ServerMessages.saslFinal("v=" + proof));
    return true;
  }

  private String freshNonce() {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return ScramMessages.base64(bytes);
  }

  /// Checks binding and nonce of client-final; returns it without the proof, as it is signed.
  private String check(ClientFirst opening, String nonce, String clientFinal) {
    int proofAt = clientFinal.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw new WireViolation("a SCRAM message lacks p=");
    }
    String signed = clientFinal.substring(0, proofAt);
    Map<Character, String> attributes = ScramMessages.attributes(signed);
    if (!ScramMessages.required(attributes, 'r').equals(nonce)) {
      throw new WireViolation("the SCRAM nonce does not extend ours");
    }
    byte[] expected = opening.channelBindingInput(binding);
    if (!MessageDigest.isEqual(
        expected, ScramMessages.base64(ScramMessages.required(attributes, 'c')))) {
      throw new WireViolation("SCRAM channel binding does not match this connection");
    }
    return signed;
  }

  private static boolean proves(ScramVerifier verifier, String authMessage, String clientFinal) {
    byte[] proof = ScramMessages.base64(clientFinal.substring(clientFinal.lastIndexOf(",p=") + 3));
    byte[] signature = ScramMessages.hmac(verifier.storedKey(), authMessage);
    byte[] clientKey = ScramMessages.xor(proof, signature);
    return MessageDigest.isEqual(ScramMessages.sha256(clientKey), verifier.storedKey());
  }

  private static Slice response(InputStream in) throws IOException {
    byte[] head = StartupReader.readFully(in, 5);
    int length = new Slice(head, 1, 5).int32();
    if (head[0] != 'p' || length < 5 || length > MAX_MESSAGE) {
      throw new WireViolation("expected a SASL response of at most " + MAX_MESSAGE + " bytes");
    }
    byte[] body = StartupReader.readFully(in, length - 4);
    return new Slice(body, 0, body.length);
  }

  private static String ascii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0x20 || b == 0x7f) {
        throw new WireViolation("a SCRAM message must be printable ASCII");
      }
    }
    return new String(bytes, US_ASCII);
  }

  /// client-first-message: gs2 header and the bare part.
  private record ClientFirst(String header, String bare, String nonce, boolean bound) {
    static ClientFirst parse(String mechanism, String message, boolean plusOffered) {
      int first = message.indexOf(',');
      int second = message.indexOf(',', first + 1);
      if (first < 1 || second < 0) {
        throw new WireViolation("a SCRAM message is malformed");
      }
      String flag = message.substring(0, first);
      if (second != first + 1) {
        throw new WireViolation("SCRAM authorization identities are not used here");
      }
      boolean bound = flag.equals("p=tls-server-end-point");
      boolean plus = mechanism.equals(ScramMessages.PLUS) && plusOffered;
      if (!plus && !mechanism.equals(ScramMessages.PLAIN)) {
        throw new WireViolation("the SASL mechanism was not offered");
      }
      if (plus != bound || (!bound && !flag.equals("n") && !(flag.equals("y") && !plusOffered))) {
        throw new WireViolation("the SCRAM channel-binding flag does not fit the mechanism");
      }
      String bare = message.substring(second + 1);
      String nonce = ScramMessages.required(ScramMessages.attributes(bare), 'r');
      return new ClientFirst(message.substring(0, second + 1), bare, nonce, bound);
    }

    byte[] channelBindingInput(ChannelBinding binding) {
      return binding.input(header, bound);
    }
  }
}
