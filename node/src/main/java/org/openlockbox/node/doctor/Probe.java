package org.openlockbox.node.doctor;

import java.util.List;

/// One look at a host. Changes nothing, and every wait in it has a limit. What it throws is a
/// finding too: [Doctor] makes it one.
@FunctionalInterface
interface Probe {
  List<HostFinding> look() throws Exception;
}
