using AuthzGraph.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AuthzGraph.AspNetCore;

/// <summary>AuthzGraph in an ASP.NET Core application.</summary>
public static class AuthzGraphExtensions
{
    /// <summary>
    /// Registers the client, one for the application, and the authorization handler. The application brings its own authentication.
    /// </summary>
    public static IServiceCollection AddAuthzGraph(this IServiceCollection services, Action<AuthzGraphSettings>? configure = null)
    {
        var settings = new AuthzGraphSettings();
        configure?.Invoke(settings);
        services.AddSingleton(settings);
        services.AddSingleton(_ => new AuthzGraphClient(settings.Address, settings.Client, settings.Retries));
        services.AddHttpContextAccessor();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddAuthorization();
        return services;
    }

    /// <summary>Lets in who may do this to the object whose id is in the route: <c>RequirePermission("view", "document")</c> on <c>/documents/{id}</c>.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission, string resourceType, string routeValue = "id")
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission, resourceType, routeValue)));
}
