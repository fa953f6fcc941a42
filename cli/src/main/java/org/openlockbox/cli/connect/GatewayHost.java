package org.openlockbox.cli.connect;

import java.util.regex.Pattern;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// The gateway that the server names: a host name or an IP address, and nothing that would mean
/// more in a URL, in a file of libpq's or to a shell.
final class GatewayHost {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
  private static final Pattern IP_V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  private GatewayHost() {}

  /// @throws Failure if the answer names none
  static String of(ApiObject answer) {
    String host = answer.required("host");
    boolean isAddress = host.indexOf(':') >= 0 && IP_V6.matcher(host).matches();
    if (!isAddress && !NAME.matcher(host).matches()) {
      throw new Failure(ExitCode.FAILURE, "the server's answer names no valid host");
    }
    return host;
  }
}
