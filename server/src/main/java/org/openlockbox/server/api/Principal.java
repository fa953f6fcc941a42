package org.openlockbox.server.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openlockbox.server.identity.Caller;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/// A [Caller] as Spring Security carries it. Roles are checked where a call is carried out, not
/// here.
record Principal(Caller caller) implements OAuth2AuthenticatedPrincipal {
  @Override
  public Map<String, Object> getAttributes() {
    return Map.of("sub", caller.subject().value());
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of();
  }

  @Override
  public String getName() {
    return caller.subject().value();
  }
}
