package org.openlockbox.http.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Base64;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.end.RemoteLease;
import org.openlockbox.http.HttpFixture;
import org.openlockbox.http.WebSocketService;

/// A gateway for HTTP in a process of its own, which a
/// [org.openlockbox.gateway.testing.end.GatewayProcess] can stop and kill. Its lease comes from
/// somewhere else. The protected service is in the same process.
final class HttpGatewayProgram {
  private static final Duration HOLD = Duration.ofSeconds(30);

  /// The streams of the others leave the machine no time.
  private static final LoginLimits PATIENT = new LoginLimits(100, 100, 100, HOLD);

  private HttpGatewayProgram() {}

  public static void main(String[] arguments) throws Exception {
    var limits = new LiveSessions.SessionLimits(1_000, 500, HOLD, HOLD, 1L << 40);
    try (var fixture = new HttpFixture(limits, PATIENT);
        var webSockets = new WebSocketService()) {
      fixture.alsoServes(webSockets.base());
      var lease = new RemoteLease(Integer.parseInt(arguments[0]));
      fixture.controlPlane.leases(lease::ask);
      System.out.println(fixture.gateway.port() + " " + certificate());
      System.out.println(); // nobody has to be stopped besides
      var wishes = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
      for (String wish = wishes.readLine(); wish != null; wish = wishes.readLine()) {
        System.out.println(wish.equals("pause") ? lease.longestPauseNanos() : another(fixture));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static String certificate() {
    return Base64.getEncoder().encodeToString(HttpFixture.certificatePem().getBytes(US_ASCII));
  }

  private static String another(HttpFixture fixture) {
    var asked = fixture.approved(Level.READ);
    return asked.submission().id() + " " + fixture.token(asked);
  }
}
