package org.openlockbox.node.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.logging.LogSettings.LogFormat;
import org.slf4j.LoggerFactory;

class LogOutputTest {
  private static final SessionId SESSION = new SessionId("S-0123456789ABCDEF");
  private static final RequestId REQUEST = new RequestId("R-0123456789");
  private final Exception failure =
      new IllegalStateException("no\nanswer", new IOException("connection \"reset\""));

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  private String written(LogSettings settings) {
    var logger = context.getLogger("org.openlockbox.gateway.session.Session");
    var event =
        new LoggingEvent(
            LogOutputTest.class.getName(),
            logger,
            Level.WARN,
            "session {} of {} of {} failed",
            failure,
            new Object[] {SESSION, REQUEST, new TenantId("acme")});
    return new String(LogOutput.encoder(settings, context).encode(event), UTF_8);
  }

  @Test
  void aFailureIsOneLineWithItsCauses() {
    assertThat(written(LogSettings.STANDARD))
        .containsPattern(
            "Z WARN  o\\.o\\.gateway\\.session\\.Session session S-0123456789ABCDEF of R-0123456789 of acme"
                + " failed; IllegalStateException: no answer; caused by IOException: connection"
                + " \"reset\" \\(LogOutputTest.java:[0-9]+\\)\n$")
        .hasLineCount(1);
  }

  @Test
  void itsTraceIsWrittenWhereThatIsWanted() {
    assertThat(written(new LogSettings(LogFormat.TEXT, true)))
        .contains("\n\tat " + LogOutputTest.class.getName() + ".");
  }

  @Test
  void inEcsTheIdsStandInMembersOfTheirOwn() {
    String line = written(new LogSettings(LogFormat.ECS, false));
    assertThat(line)
        .hasLineCount(1)
        .startsWith("{\"@timestamp\":\"")
        .contains(
            "\"log.level\": \"WARN\"",
            "\"lockbox.session\":\"S-0123456789ABCDEF\"",
            "\"lockbox.request\":\"R-0123456789\"",
            "\"lockbox.tenant\":\"acme\"",
            "\"error.message\":\"no\\nanswer\"",
            "connection \\\"reset\\\"")
        .endsWith("}\n");
  }
}
