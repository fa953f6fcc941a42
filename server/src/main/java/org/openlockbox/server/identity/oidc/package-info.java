/// Sign-in by OpenID Connect at the issuers of the tenants and of the provider, and the asking
/// whether who came that way is still welcome.
@NullMarked
package org.openlockbox.server.identity.oidc;

import org.jspecify.annotations.NullMarked;
