package org.openlockbox.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.resource.HttpResource;

/// What a gateway for HTTP needs to know beyond what every gateway does.
///
/// @param listen where clients connect; port 0 lets the system choose
/// @param identity certificate and key for clients; there is no way to switch TLS off
/// @param trust whom it takes for an upstream
/// @param resources what it leads to, for the clock that nobody can set
/// @param assertionKeys those of its assertions
/// @param logins what those may hold open who have not shown a token
/// @param idle how long a session goes on without a request
/// @param sessionHosts where browsers come; nowhere if empty. A reload does not change it
public record HttpConfig(
    InetSocketAddress listen,
    SSLContext identity,
    SSLContext trust,
    Function<LongSupplier, List<HttpResource>> resources,
    AssertionKeys assertionKeys,
    LoginLimits logins,
    Duration idle,
    Optional<SessionHosts> sessionHosts) {}
