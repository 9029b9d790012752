using System.Security.Claims;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace AuthzGraph.AspNetCore;

/// <summary>Which server an application asks, and how its users and requests are called there.</summary>
public sealed class AuthzGraphSettings
{
    /// <summary>The server's gRPC address.</summary>
    public Uri Address { get; set; } = new("http://localhost:50051");

    public AuthzGraphClientOptions Client { get; set; } = new() { Deadline = TimeSpan.FromSeconds(5) };

    public RetryPolicy Retries { get; set; } = RetryPolicy.Default;

    /// <summary>Who asks; null: nobody that may be asked about, and what needs a permission is denied. By default <c>user:</c> and the name identifier.</summary>
    public Func<ClaimsPrincipal, ObjectReference?> Subject { get; set; } = static user =>
        user.FindFirst(ClaimTypes.NameIdentifier) is { Value.Length: > 0 } id ? new ObjectReference { Type = "user", Id = id.Value } : null;

    /// <summary>On whose authority an agent asks; null: on its own. By default nobody acts for another.</summary>
    public Func<HttpContext, Acting?> Acting { get; set; } = static _ => null;

    /// <summary>What caveats may ask for: the hour, the address; null: nothing.</summary>
    public Func<HttpContext, Struct?> Context { get; set; } = static _ => null;
}
