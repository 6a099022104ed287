import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's own client with its defaults, which offers to upgrade to HTTP/2: asks a model and prints status and body. */
public class Chat {
  public static void main(String[] args) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(args[0] + "/v1/chat/completions"))
        .header("Authorization", "Bearer " + args[1])
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(args[2]))
        .build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    System.out.println(response.statusCode() + " " + response.body());
  }
}
