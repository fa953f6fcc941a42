/// What a gateway counts and measures. No figure names a tenant, a person or a request.
@NullMarked
package org.openlockbox.gateway.metrics;

import org.jspecify.annotations.NullMarked;
