package org.openlockbox.postgres.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.scram.ChannelBinding;
import org.openlockbox.core.scram.MalformedScram;
import org.openlockbox.core.scram.ScramClient;
import org.openlockbox.core.scram.ScramMessages;
import org.openlockbox.core.scram.ScramSecret;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.Slice;
import org.openlockbox.postgres.wire.WireViolation;

/// The client's half of a database login, as a small machine over Authentication messages:
///
/// ```text
///   OFFERED ──▶ CHALLENGED ──▶ PROVED ──▶ DONE        anything else: violation
/// ```
///
/// AuthenticationOk counts only in PROVED, so a database that skips the exchange, or asks for a
/// clear or MD5 password, never gets a session.
final class LoginExchange {
  private enum LoginState {
    OFFERED,
    CHALLENGED,
    PROVED,
    DONE
  }

  private final ScramSecret secret;
  private final ChannelBinding binding;
  private final SecureRandom random;
  private LoginState step = LoginState.OFFERED;
  private @Nullable ScramClient scram;

  LoginExchange(ScramSecret secret, ChannelBinding binding, SecureRandom random) {
    this.secret = secret;
    this.binding = binding;
    this.random = random;
  }

  /// What to send in answer to an Authentication message; empty if nothing.
  byte[] answer(Slice body) {
    int code = body.int32();
    if (code == 10 && step == LoginState.OFFERED) {
      step = LoginState.CHALLENGED;
      return first(body);
    }
    if (code == 11 && step == LoginState.CHALLENGED && scram != null) {
      step = LoginState.PROVED;
      return ServerMessages.message('p', last(scram, text(body)).getBytes(US_ASCII));
    }
    if (code == 12 && step == LoginState.PROVED && scram != null) {
      if (!scram.isProvenBy(text(body))) {
        throw new WireViolation("the database did not prove that it knows the password");
      }
      step = LoginState.DONE;
      return new byte[0];
    }
    if (code == 0 && step == LoginState.DONE) {
      return new byte[0];
    }
    throw new WireViolation("the database asks for another login than SCRAM-SHA-256");
  }

  private static String last(ScramClient scram, String challenge) {
    try {
      return scram.last(challenge);
    } catch (MalformedScram e) {
      throw new WireViolation("the database's login: " + e.what());
    }
  }

  void mustBeDone() {
    if (step != LoginState.DONE) {
      throw new WireViolation("the database let us in without SCRAM");
    }
  }

  private byte[] first(Slice body) {
    List<String> offered = new ArrayList<>();
    while (body.remaining() > 1) {
      offered.add(body.text());
    }
    boolean plus = binding.available() && offered.contains(ScramMessages.PLUS);
    if (!plus && !offered.contains(ScramMessages.PLAIN)) {
      throw new WireViolation("the database offers no SCRAM-SHA-256");
    }
    ScramClient client = new ScramClient(secret, binding, plus, random);
    scram = client;
    byte[] mechanism = client.mechanism().getBytes(US_ASCII);
    byte[] first = client.first().getBytes(US_ASCII);
    return ServerMessages.message(
        'p',
        ByteBuffer.allocate(mechanism.length + 1 + 4 + first.length)
            .put(mechanism)
            .put((byte) 0)
            .putInt(first.length)
            .put(first)
            .array());
  }

  private static String text(Slice body) {
    return new String(body.take(body.remaining()), US_ASCII);
  }
}
