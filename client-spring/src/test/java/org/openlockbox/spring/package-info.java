/// Tests of the starter, with a real Tomcat and a control plane in memory.
@NullMarked
package org.openlockbox.spring;

import org.jspecify.annotations.NullMarked;
