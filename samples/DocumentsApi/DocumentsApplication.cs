using AuthzGraph.AspNetCore;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Microsoft.AspNetCore.Authorization;

namespace AuthzGraph.Samples.DocumentsApi;

/// <summary>
/// An application with documents, for schemas/documents or schemas/agent-tasks: who may read and write them is the server's to say. People come as themselves,
/// agents with the delegation that they present.
/// </summary>
public static class DocumentsApplication
{
    public const string DelegationHeader = "X-Delegation";

    /// <param name="server">The AuthzGraph server's gRPC address.</param>
    public static WebApplication Build(WebApplicationBuilder builder, Uri server)
    {
        builder.Services.AddAuthentication(NamedCaller.Scheme).AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NamedCaller>(NamedCaller.Scheme, null);
        builder.Services.AddAuthzGraph(settings =>
        {
            settings.Address = server;
            settings.Subject = user => user.Identity?.Name is { } name ? Reference(name) : null;
            settings.Acting = http => http.Request.Headers[DelegationHeader].ToString() is { Length: > 0 } hop ? new Acting { Delegation = Reference(hop) } : null;
        });

        WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapGet("/documents/{id}", (string id) => $"the text of {id}").RequirePermission("view", "document");
        app.MapPut("/documents/{id}", (string id) => $"wrote {id}").RequirePermission("edit", "document");
        app.MapGet("/documents", ListAsync).RequireAuthorization();
        app.MapPost("/documents/{id}/copy", CopyAsync).RequireAuthorization();
        return app;
    }

    /// <summary>What the caller may read: a lookup.</summary>
    private static async Task<List<string>> ListAsync(HttpContext http, AuthzGraphClient client, AuthzGraphSettings settings)
    {
        var request = new LookupResourcesRequest
        {
            ResourceType = "document",
            Permission = "view",
            Subject = new SubjectReference { Object = settings.Subject(http.User) },
            Acting = settings.Acting(http),
        };
        List<string> ids = [];
        await foreach (LookupResourcesResponse page in client.LookupResourcesAsync(request, http.RequestAborted))
            ids.AddRange(page.Resources.Where(found => found.MissingContext.Count == 0).Select(found => found.Id));
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>A decision in the middle of a handler: the object is given to the authorization service.</summary>
    private static async Task<IResult> CopyAsync(string id, string to, HttpContext http, IAuthorizationService authorization)
    {
        AuthorizationResult read = await authorization.AuthorizeAsync(http.User, Reference($"document:{id}"), new PermissionRequirement("view"));
        AuthorizationResult write = await authorization.AuthorizeAsync(http.User, Reference($"document:{to}"), new PermissionRequirement("edit"));
        return read.Succeeded && write.Succeeded ? Results.Text($"copied {id} to {to}") : Results.Forbid();
    }

    private static ObjectReference Reference(string text) => text.Split(':', 2) is [var type, var id] ? new ObjectReference { Type = type, Id = id } : new ObjectReference();
}
