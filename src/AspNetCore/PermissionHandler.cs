using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AuthzGraph.AspNetCore;

/// <summary>
/// Asks the server whether the caller may. Only a permit succeeds: what is denied, or conditional on context that was not given, does not. When there is
/// no answer the exception goes on to the application: no answer is neither allow nor deny, and the request ends without having been let in.
/// </summary>
internal sealed class PermissionHandler(AuthzGraphClient client, AuthzGraphSettings settings, IHttpContextAccessor accessor)
    : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        HttpContext? http = context.Resource as HttpContext ?? accessor.HttpContext;
        if (settings.Subject(context.User) is not { } subject || ResourceOf(context.Resource, http, requirement) is not { } resource) return;
        var request = new CheckRequest
        {
            Resource = resource,
            Permission = requirement.Permission,
            Subject = new SubjectReference { Object = subject },
            Acting = http is null ? null : settings.Acting(http),
            Context = http is null ? null : settings.Context(http),
        };
        CheckResponse response = await client.CheckAsync(request, http?.RequestAborted ?? CancellationToken.None);
        if (response.Decision.Outcome == Outcome.Permitted) context.Succeed(requirement);
        else context.Fail(new AuthorizationFailureReason(this, Reason(response.Decision)));
    }

    private static ObjectReference? ResourceOf(object? given, HttpContext? http, PermissionRequirement requirement)
    {
        if (given is ObjectReference named) return named;
        return http?.GetRouteValue(requirement.RouteValue)?.ToString() is { Length: > 0 } id ? new ObjectReference { Type = requirement.ResourceType, Id = id } : null;
    }

    private static string Reason(Decision decision) => decision.Outcome == Outcome.Conditional
        ? $"conditional on {string.Join(", ", decision.MissingContext)}"
        : decision.Code.ToString();
}
