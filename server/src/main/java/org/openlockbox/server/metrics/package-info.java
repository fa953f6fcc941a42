/// What a server counts and measures. No figure names a tenant, a person or a request.
@NullMarked
package org.openlockbox.server.metrics;

import org.jspecify.annotations.NullMarked;
