using Microsoft.AspNetCore.Authorization;

namespace AuthzGraph.AspNetCore;

/// <summary>The caller may do this to the object that the request names, or that is given to the authorization service.</summary>
/// <param name="Permission">A permission or relation of the object's type.</param>
/// <param name="ResourceType">The object's type, where the request names it.</param>
/// <param name="RouteValue">The route value that holds the object's id: <c>id</c> of <c>/documents/{id}</c>.</param>
public sealed record PermissionRequirement(string Permission, string ResourceType = "", string RouteValue = "id") : IAuthorizationRequirement;
