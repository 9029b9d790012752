using System.Text;
using System.Text.Json;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>What a caller says about a transaction: a JSON object, kept as compact text.</summary>
internal static class Metadata
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The text as it is kept; null for none and for an object without members.</summary>
    /// <exception cref="RejectionException">It is no object, or too long.</exception>
    public static string? Normalize(string? json, int maxBytes)
    {
        if (json is null) return null;
        if (json.Length > maxBytes || Encoding.UTF8.GetByteCount(json) > maxBytes) throw Rejections.MetadataTooLarge(maxBytes);
        if (!Names.IsWhole(json)) throw Rejections.InvalidMetadata("it holds half a surrogate pair");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Rejections.InvalidMetadata($"it is of kind {document.RootElement.ValueKind}");
            return document.RootElement.EnumerateObject().Any() ? JsonSerializer.Serialize(document.RootElement) : null;
        }
        catch (JsonException e)
        {
            throw Rejections.InvalidMetadata(e.Message);
        }
        catch (InvalidOperationException)       // an escape in the JSON that stands for no character
        {
            throw Rejections.InvalidMetadata("it holds half a surrogate pair");
        }
    }
}
