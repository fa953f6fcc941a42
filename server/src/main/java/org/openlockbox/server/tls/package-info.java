/// TLS towards programs of others.
@NullMarked
package org.openlockbox.server.tls;

import org.jspecify.annotations.NullMarked;
