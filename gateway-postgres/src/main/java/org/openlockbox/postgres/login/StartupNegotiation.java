package org.openlockbox.postgres.login;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Optional;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.StartupMessage;
import org.openlockbox.postgres.wire.StartupPacket;
import org.openlockbox.postgres.wire.StartupReader;
import org.openlockbox.postgres.wire.WireViolation;

/// The way from a fresh TCP connection to a login inside TLS.
///
/// At most one SSLRequest and one GSSENCRequest, in a straight line. What a client sent before TLS
/// is never parsed after it: each packet is read to its last byte and no further, and bytes that
/// already wait behind it close the connection (CVE-2021-23214). The only thing heard without TLS
/// is a CancelRequest, because libpq before 17 sends it so; it can stop a statement, nothing else.
public final class StartupNegotiation {
  /// What came through the door.
  public sealed interface StartupResult {
    record LoginRequest(ClientLink link, StartupMessage message) implements StartupResult {}

    record CancelRequest(CancelKey key) implements StartupResult {}
  }

  private static final byte TLS_HANDSHAKE_RECORD = 22;

  /// The name of the protocol in TLS (IANA's registry of ALPN names).
  private static final String ALPN = "postgresql";

  private final TlsIdentity identity;

  public StartupNegotiation(TlsIdentity identity) {
    this.identity = identity;
  }

  /// Empty when the client was turned away; it has been told why as far as that is wise.
  ///
  /// @param heard run when the client has taken the next step
  public Optional<StartupResult> open(Socket raw, Runnable heard) throws IOException {
    InputStream in = raw.getInputStream();
    byte[] first = StartupReader.readFully(in, 4);
    heard.run();
    if (first[0] == TLS_HANDSHAKE_RECORD) {
      return inside(raw, first, heard);
    }
    StartupPacket packet;
    try {
      packet = StartupReader.read(in, first);
      if (packet instanceof StartupPacket.GssRequest) {
        answer(raw, 'N');
        packet = StartupReader.read(in, StartupReader.readFully(in, 4));
      }
    } catch (ConnectionRefusal e) {
      return turnAway(raw, tlsOnly());
    }
    return switch (packet) {
      case StartupPacket.Cancel(CancelKey key) -> Optional.of(new StartupResult.CancelRequest(key));
      case StartupPacket.TlsRequest() -> {
        answer(raw, 'S');
        yield inside(raw, new byte[0], heard);
      }
      case StartupPacket.LoginPacket ignored -> turnAway(raw, tlsOnly());
      case StartupPacket.GssRequest() -> throw new WireViolation("GSSENCRequest twice");
    };
  }

  private static void answer(Socket raw, char letter) throws IOException {
    if (raw.getInputStream().available() > 0) {
      throw new WireViolation("bytes before encryption was agreed");
    }
    raw.getOutputStream().write(letter);
  }

  private Optional<StartupResult> inside(Socket raw, byte[] consumed, Runnable heard)
      throws IOException {
    SocketConnection line = new SocketConnection(raw);
    if (!identity.accept(line, consumed, ALPN) && consumed.length > 0) {
      throw new WireViolation("direct TLS without ALPN postgresql");
    }
    heard.run();
    ClientLink link = new ClientLink(line);
    try {
      StartupPacket packet = StartupReader.read(link.in(), StartupReader.readFully(link.in(), 4));
      return switch (packet) {
        case StartupPacket.Cancel(CancelKey key) ->
            Optional.of(new StartupResult.CancelRequest(key));
        case StartupPacket.LoginPacket(StartupMessage message) ->
            Optional.of(new StartupResult.LoginRequest(link, message));
        case StartupPacket.TlsRequest(), StartupPacket.GssRequest() ->
            throw new WireViolation("encryption is already on");
      };
    } catch (ConnectionRefusal e) {
      link.send(ServerMessages.error(e.error()));
      return Optional.empty();
    } catch (WireViolation e) {
      link.send(ServerMessages.error(e.error()));
      return Optional.empty();
    }
  }

  private static Optional<StartupResult> turnAway(Socket raw, PgError error) throws IOException {
    raw.getOutputStream().write(ServerMessages.error(error));
    return Optional.empty();
  }

  private static PgError tlsOnly() {
    return PgError.fatal(
        PgError.NOT_APPROVED,
        "this gateway speaks TLS only",
        "Connect with sslmode=verify-full, as `lockbox connect` prints it.");
  }
}
