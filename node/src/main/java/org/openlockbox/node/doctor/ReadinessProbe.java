package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;

import java.io.IOException;
import java.util.List;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.management.ReadyCommand;

/// What the running node says of itself on its management port.
record ReadinessProbe(Listen listen, String unit) implements Probe {
  private static final String SUBJECT = "readiness";
  private static final int OK = 200;

  @Override
  public List<HostFinding> look() throws InterruptedException {
    try {
      var answer = ReadyCommand.ask(listen);
      String said = answer.body().strip();
      return List.of(
          answer.statusCode() == OK
              ? ok(SUBJECT, said)
              : broken(
                  SUBJECT,
                  said,
                  "docs/monitoring.md, Health, says what each part means; journalctl -u %s says why."
                      .formatted(unit)));
    } catch (IOException e) {
      return List.of(
          broken(
              SUBJECT,
              "Nobody answers on the management port %s.".formatted(listen),
              "systemctl start %s; its log says whether the port was taken.".formatted(unit)));
    }
  }
}
