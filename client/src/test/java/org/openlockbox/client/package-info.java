/// Tests of a gateway inside an application, with a control plane of two tenants in memory.
@NullMarked
package org.openlockbox.client;

import org.jspecify.annotations.NullMarked;
