package org.testcontainers.containers.wait.strategy;

/** Plays the class of this name: the program says when it serves. */
public class Wait {
  public static Wait forHttp(String path) {
    if (!path.equals("/_hydrant/health")) {
      throw new AssertionError(path + " does not tell health");
    }
    return new Wait();
  }

  public Wait forPort(int port) {
    return this;
  }
}
