package played;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;

/** Runs the tests of a class as JUnit does, and tells the name of each that has passed. */
public class RunTests {
  public static void main(String... arguments) throws Exception {
    Class<?> tests = Class.forName(arguments[0]);
    Field field = null;
    for (Field each : tests.getDeclaredFields()) {
      if (each.isAnnotationPresent(Container.class)) {
        field = each;
      }
    }
    field.setAccessible(true);
    GenericContainer<?> container = (GenericContainer<?>) field.get(null);
    container.start();
    try {
      runTests(tests);
    } finally {
      container.stop();
    }
  }

  private static void runTests(Class<?> tests) throws Exception {
    call(tests, BeforeAll.class, null);
    for (Method test : tests.getDeclaredMethods()) {
      if (test.isAnnotationPresent(Test.class)) {
        var constructor = tests.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        call(tests, BeforeEach.class, instance);
        test.setAccessible(true);
        test.invoke(instance);
        System.out.println("passed: " + test.getName());
      }
    }
    call(tests, AfterAll.class, null);
  }

  private static void call(Class<?> tests, Class<? extends Annotation> kind, Object instance)
      throws Exception {
    for (Method method : tests.getDeclaredMethods()) {
      if (method.isAnnotationPresent(kind)) {
        method.setAccessible(true);
        method.invoke(instance);
      }
    }
  }
}
