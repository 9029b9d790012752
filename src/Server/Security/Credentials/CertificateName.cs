using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>What a certificate calls its holder, in the words of the credentials file: <c>subject</c>, <c>dns</c>, <c>uri</c> or <c>email</c>.</summary>
internal readonly record struct CertificateName(string Kind, string Value)
{
    public const string Subject = "subject";
    public const string Dns = "dns";
    public const string Uri = "uri";
    public const string Email = "email";

    private const string AlternativeNames = "2.5.29.17";

    // GeneralName of RFC 5280, 4.2.1.6
    private static readonly Asn1Tag EmailTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    public static IEnumerable<CertificateName> Of(X509Certificate2 certificate)
    {
        yield return new CertificateName(Subject, certificate.Subject);
        foreach (X509Extension extension in certificate.Extensions)
            if (extension.Oid?.Value == AlternativeNames)
                foreach (CertificateName name in Alternatives(extension.RawData)) yield return name;
    }

    private static List<CertificateName> Alternatives(byte[] extension)
    {
        List<CertificateName> names = [];
        try
        {
            AsnReader sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                Asn1Tag tag = sequence.PeekTag();
                if (tag == EmailTag) names.Add(new CertificateName(Email, sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                else if (tag == DnsTag) names.Add(new CertificateName(Dns, sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                else if (tag == UriTag) names.Add(new CertificateName(Uri, sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                else sequence.ReadEncodedValue();
            }
            return names;
        }
        catch (AsnContentException)
        {
            return [];
        }
    }
}
