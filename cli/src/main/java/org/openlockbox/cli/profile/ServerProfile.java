package org.openlockbox.cli.profile;

import java.util.Optional;

/// Which server to ask, as whom, and with which key: a named set, completed by flags and
/// environment. The token is a secret; [#toString] leaves it out.
public record ServerProfile(String name, String server, String token, String key, String ca) {

  /// The file of this role's private key, if the profile names one.
  public Optional<String> keyFile() {
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  /// Extra certificates to trust for the server, as a PEM file.
  public Optional<String> caFile() {
    return ca.isEmpty() ? Optional.empty() : Optional.of(ca);
  }

  /// The same with another token; an empty one is none.
  public ServerProfile withToken(String next) {
    return new ServerProfile(name, server, next, key, ca);
  }

  @Override
  public String toString() {
    return "Profile[" + name + " at " + server + "]";
  }
}
