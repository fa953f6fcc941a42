/// Durable records before results.
@NullMarked
package org.openlockbox.gateway.recorder;

import org.jspecify.annotations.NullMarked;
